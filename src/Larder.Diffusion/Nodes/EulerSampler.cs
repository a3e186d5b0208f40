using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;
using Larder.Diffusion.Scheduling;
using Larder.Onnx;

namespace Larder.Diffusion.Nodes;

/// <summary>One run of a denoiser through the levels of a schedule.</summary>
internal sealed class EulerSampler
{
    private readonly VideoModels _models;
    private readonly LatentShape _shape;
    private readonly LatentGuide? _guide;
    private readonly Tensor<float> _conditional;
    private readonly Tensor<float> _both;

    // The latents, and behind them a copy of them where the denoiser is asked twice at once.
    private readonly float[] _latents;
    private readonly float[] _times;
    private readonly float[] _denoised;
    private readonly float[] _denoisedWithout;

    public EulerSampler(
        VideoModels models,
        Latents start,
        ConditionalContext conditional,
        UnconditionalContext unconditional,
        LatentGuide? guide
    )
    {
        _models = models;
        _shape = start.Shape;
        _guide = guide;
        _conditional = conditional.Values;
        _both = Both(conditional.Values, unconditional.Values);
        _latents = new float[2 * _shape.Length];
        _times = new float[2 * (guide is null ? 1 : _shape.Tokens)];
        _denoised = new float[_shape.Length];
        _denoisedWithout = new float[_shape.Length];
        start.Values.Span.CopyTo(_latents);
        guide?.Apply(Current);
    }

    private Span<float> Current => _latents.AsSpan(0, _shape.Length);

    /// <summary>Goes through the schedule.</summary>
    public Latents Sample(
        SigmaSchedule schedule,
        IGuidance guidance,
        NodeContext node,
        CancellationToken cancellationToken
    )
    {
        var result = new float[_shape.Length];
        for (var step = 0; step < schedule.Steps; step++)
        {
            var (sigma, next) = (schedule.Sigmas[step], schedule.Sigmas[step + 1]);
            var strength = guidance.At(step, sigma);
            Denoise(sigma, strength is not null, cancellationToken);
            if (strength is { } share)
                FlowMatching.Guide(_denoisedWithout, _denoised, share, result);
            else
                _denoised.CopyTo(result, 0);
            _guide?.Apply(result);
            var isEnough = guidance.IsEnough(
                new SampledStep
                {
                    Step = step,
                    Sigma = sigma,
                    Guidance = strength,
                    Conditional = _denoised,
                    Unconditional = strength is null ? [] : _denoisedWithout,
                    Denoised = result,
                }
            );
            node.Step(step + 1, schedule.Steps);
            if (isEnough || next is 0)
                break;
            FlowMatching.Step(Current, result, sigma, next);
        }
        return new Latents(_shape, result);
    }

    // Fills what the denoiser takes for the clip, with the prompt and, if asked for, without.
    private void Denoise(double sigma, bool isWithoutToo, CancellationToken cancellationToken)
    {
        var batch = isWithoutToo ? 2 : 1;
        var times = SetTimes(sigma);
        if (isWithoutToo)
            Current.CopyTo(_latents.AsSpan(_shape.Length));
        var velocity = _models
            .Velocity(
                LatentTensor.Of(_shape, _latents.AsMemory(0, batch * _shape.Length)),
                TimeTensor(batch, times),
                isWithoutToo ? _both : _conditional,
                cancellationToken
            )
            .Span;
        Denoise(velocity[.._shape.Length], sigma, _denoised);
        if (isWithoutToo)
            Denoise(velocity[_shape.Length..], sigma, _denoisedWithout);
    }

    private int SetTimes(double sigma)
    {
        var count = _times.Length / 2;
        if (_guide is null)
            _times[0] = (float)sigma;
        else
            _guide.Times(sigma, _times.AsSpan(0, count));
        _times.AsSpan(0, count).CopyTo(_times.AsSpan(count));
        return count;
    }

    private Tensor<float> TimeTensor(int batch, int count)
    {
        var times = _times.AsMemory(0, batch * count);
        return _guide is null
            ? new Tensor<float>(times, batch, 1, 1, 1, 1)
            : new Tensor<float>(times, batch, 1, _shape.Frames, _shape.Height, _shape.Width);
    }

    private void Denoise(ReadOnlySpan<float> velocity, double sigma, Span<float> denoised)
    {
        if (_guide is null)
        {
            FlowMatching.Denoise(Current, velocity, sigma, denoised);
            return;
        }
        // Each token by its own time: with one for all the result would seldom follow the pictures.
        var tokens = _shape.Tokens;
        for (var place = 0; place < denoised.Length; place++)
            denoised[place] = _latents[place] - _times[place % tokens] * velocity[place];
    }

    private static Tensor<float> Both(Tensor<float> conditional, Tensor<float> unconditional)
    {
        var both = new float[2 * conditional.Length];
        conditional.Span.CopyTo(both);
        unconditional.Span.CopyTo(both.AsSpan((int)conditional.Length));
        return new Tensor<float>(both, 2, conditional.Shape[1], conditional.Shape[2]);
    }
}
