using Larder.Server.Access;

namespace Larder.Server.Dashboard.Pages;

/// <summary>What a page shows that only says something.</summary>
internal sealed record MessageView(string Title, string Message, Caller Caller);
