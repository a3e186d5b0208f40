namespace ModelGenerator.HousePrices;

/// <summary>Numbers of a network that training moves, by the Adam rule.</summary>
/// <remarks>Only arithmetic that IEEE 754 fixes to the last bit (square root included), so that every machine gets the same.</remarks>
internal sealed class Parameters(double[] values)
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.999;

    private readonly double[] _first = new double[values.Length];
    private readonly double[] _second = new double[values.Length];
    private double _firstBias = 1;
    private double _secondBias = 1;

    internal double[] Values { get; } = values;

    /// <summary>The gradients summed since the last step.</summary>
    internal double[] Gradients { get; } = new double[values.Length];

    /// <summary>Moves the values against the gradients and forgets these.</summary>
    internal void Step(double rate)
    {
        _firstBias *= FirstDecay;
        _secondBias *= SecondDecay;
        for (var i = 0; i < Values.Length; i++)
        {
            _first[i] += (1 - FirstDecay) * (Gradients[i] - _first[i]);
            _second[i] += (1 - SecondDecay) * (Gradients[i] * Gradients[i] - _second[i]);
            Values[i] -= rate * (_first[i] / (1 - _firstBias)) / (Math.Sqrt(_second[i] / (1 - _secondBias)) + 1e-8);
        }
        Array.Clear(Gradients);
    }
}
