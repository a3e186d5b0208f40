using Larder.Onnx;

namespace BareEndpoint;

/// <summary>The inputs of the sample model, known when this was compiled: no general reader is as fast.</summary>
internal sealed record House(float AreaM2, float Rooms, float AgeYears, float DistanceKm, bool HasGarden)
{
    public Dictionary<string, Tensor> ToTensors() =>
        new(StringComparer.Ordinal)
        {
            ["area_m2"] = One(AreaM2),
            ["rooms"] = One(Rooms),
            ["age_years"] = One(AgeYears),
            ["distance_km"] = One(DistanceKm),
            ["has_garden"] = One(HasGarden),
        };

    private static Tensor<T> One<T>(T value)
        where T : notnull => new(new[] { value }, 1, 1);
}
