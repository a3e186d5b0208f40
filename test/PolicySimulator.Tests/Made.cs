using PolicySimulator.Traces;

namespace PolicySimulator;

/// <summary>Traces made by hand.</summary>
internal static class Made
{
    /// <summary>A trace of models a, b, c and so on, of these bytes and seconds, asked for one each second in the order of letters.</summary>
    public static Trace Trace(string letters, params (long Bytes, double Seconds)[] models) =>
        new(
            [
                .. models.Select(
                    (model, i) =>
                        new Model(((char)('a' + i)).ToString(), model.Bytes, TimeSpan.FromSeconds(model.Seconds))
                ),
            ],
            [.. letters.Select((letter, i) => new Request(i, TimeSpan.FromSeconds(i), letter - 'a'))]
        );
}
