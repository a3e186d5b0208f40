namespace Larder.Server.Access;

/// <summary>On an endpoint: it is a page for people. Who has not signed in is led to where that is done.</summary>
internal sealed record OffersSignIn;
