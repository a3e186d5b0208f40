namespace BareEndpoint;

/// <summary>The body of a request, as Larder takes it.</summary>
internal sealed record HouseRequest(House Inputs);
