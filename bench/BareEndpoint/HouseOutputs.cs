namespace BareEndpoint;

/// <summary>The outputs of the sample model.</summary>
internal sealed record HouseOutputs(float[][] PriceEur);
