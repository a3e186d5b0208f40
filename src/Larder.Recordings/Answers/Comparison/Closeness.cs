namespace Larder.Recordings.Answers.Comparison;

/// <summary>Whether two numbers are as near as a tolerance asks for.</summary>
/// <param name="Absolute">The difference that does not count.</param>
/// <param name="Relative">The same as a share of the larger magnitude.</param>
internal readonly record struct Closeness(double Absolute, double Relative)
{
    public bool Holds(double recorded, double live)
    {
        // Also both NaN, and both the same infinity.
        if (recorded.Equals(live))
            return true;
        // NaN is near to nothing, and so is an infinity: its share of itself would allow everything.
        if (!double.IsFinite(recorded) || !double.IsFinite(live))
            return false;
        var difference = Math.Abs(recorded - live);
        return difference <= Absolute || difference <= Relative * Math.Max(Math.Abs(recorded), Math.Abs(live));
    }
}
