using System.Globalization;

namespace Larder.Diffusion.Scheduling;

/// <summary>The levels of noise that a sampler goes through, from the first to none. It never changes.</summary>
/// <remarks>At level sigma the latents are sigma parts of noise and 1 - sigma parts of what is to be seen.</remarks>
public sealed class SigmaSchedule
{
    private readonly double[] _sigmas;

    /// <summary>Makes a schedule of given levels.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="sigmas">At least two, each less than the one before; the first at most 1, the last 0.</param>
    /// <exception cref="DiffusionException">They are none: all that is wrong with them.</exception>
    public SigmaSchedule(string name, params ReadOnlySpan<double> sigmas)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        _sigmas = sigmas.ToArray();
        var faults = Check(_sigmas);
        if (faults.Count > 0)
            throw ScheduleFaults.Of(name, faults);
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The steps of a sampler that goes through it: one less than there are levels.</summary>
    public int Steps => _sigmas.Length - 1;

    /// <summary>The levels; the last is 0.</summary>
    public ReadOnlySpan<double> Sigmas => _sigmas;

    /// <summary>Such as <c>distilled: 1 → 0.99375 → … → 0</c>.</summary>
    public override string ToString() =>
        $"{Name}: {string.Join(" → ", _sigmas.Select(sigma => sigma.ToString("0.#####", CultureInfo.InvariantCulture)))}";

    private static List<DiffusionFault> Check(double[] sigmas)
    {
        var faults = new List<DiffusionFault>();
        if (sigmas.Length < 2)
            faults.Add(Fault($"sigmas", $"There are {sigmas.Length}: at least 2 are needed, for one step."));
        for (var place = 0; place < sigmas.Length; place++)
        {
            FormattableString subject = $"sigmas[{place}]";
            if (!(sigmas[place] is >= 0 and <= 1))
                faults.Add(Fault(subject, $"It is {sigmas[place]}: levels are from 0 to 1."));
            else if (place > 0 && sigmas[place] >= sigmas[place - 1])
                faults.Add(Fault(subject, $"It is {sigmas[place]} after {sigmas[place - 1]}: levels become less."));
        }
        if (sigmas is [.., > 0])
            faults.Add(Fault($"sigmas[{sigmas.Length - 1}]", $"It is {sigmas[^1]}: the last level is 0."));
        return faults;
    }

    private static DiffusionFault Fault(FormattableString subject, FormattableString message) =>
        new(FormattableString.Invariant(subject), FormattableString.Invariant(message));
}
