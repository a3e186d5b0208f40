namespace Larder.Server.Dashboard.Pages;

/// <summary>What the page shows where people sign in.</summary>
/// <param name="Return">The page that they wanted; checked by whom the form goes to.</param>
/// <param name="HasFailed">Whether they have just tried, with a token that is none.</param>
internal sealed record SignInView(string Return, bool HasFailed);
