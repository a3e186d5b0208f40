namespace BareEndpoint;

/// <summary>What a caller needs of Larder's answer.</summary>
internal sealed record HouseResponse(float Prediction, HouseOutputs Outputs);
