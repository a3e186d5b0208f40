namespace ModelGenerator.HousePrices;

/// <summary>A fully connected layer: each output a weighted sum of all inputs, and a bias.</summary>
internal sealed class DenseLayer
{
    private readonly bool _isRectified;
    private readonly double[] _input;
    private readonly double[] _output;
    private readonly double[] _inputGradients;

    internal DenseLayer(int inputs, int outputs, bool isRectified, SplitMix64 random)
    {
        _isRectified = isRectified;
        _input = new double[inputs];
        _output = new double[outputs];
        _inputGradients = new double[inputs];
        var spread = Math.Sqrt(6.0 / inputs);
        var weights = new double[inputs * outputs];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = random.Next(-spread, spread);
        Weights = new Parameters(weights);
        Biases = new Parameters(new double[outputs]);
    }

    /// <summary>Row by row, a row for each input, as <c>Gemm</c> reads it.</summary>
    internal Parameters Weights { get; }

    internal Parameters Biases { get; }

    internal int Inputs => _input.Length;

    internal int Outputs => _output.Length;

    /// <summary>Computes the outputs; the array is the layer's own and holds until the next call.</summary>
    internal double[] Forward(double[] input)
    {
        input.CopyTo(_input, 0);
        Biases.Values.CopyTo(_output, 0);
        for (var i = 0; i < Inputs; i++)
        for (var o = 0; o < Outputs; o++)
            _output[o] += input[i] * Weights.Values[i * Outputs + o];
        if (_isRectified)
            for (var o = 0; o < Outputs; o++)
                _output[o] = Math.Max(0, _output[o]);
        return _output;
    }

    /// <summary>Adds to the gradients for the last input, and gives those of that input; the array is the layer's own.</summary>
    internal double[] Backward(double[] outputGradients)
    {
        Array.Clear(_inputGradients);
        for (var o = 0; o < Outputs; o++)
        {
            if (_isRectified && _output[o] <= 0)
                continue;
            Biases.Gradients[o] += outputGradients[o];
            for (var i = 0; i < Inputs; i++)
            {
                Weights.Gradients[i * Outputs + o] += outputGradients[o] * _input[i];
                _inputGradients[i] += outputGradients[o] * Weights.Values[i * Outputs + o];
            }
        }
        return _inputGradients;
    }
}
