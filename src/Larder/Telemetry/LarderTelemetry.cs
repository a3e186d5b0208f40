namespace Larder.Telemetry;

/// <summary>The names under which Larder tells what it does: a meter and a source of activities, both called <c>Larder</c>.</summary>
/// <remarks>Nothing is counted, timed or traced where nobody listens, and what is listened to costs less than a microsecond.</remarks>
public static class LarderTelemetry
{
    /// <summary>The meter that all instruments are on, for <c>AddMeter</c> of OpenTelemetry or a <c>MeterListener</c>.</summary>
    public const string MeterName = "Larder";

    /// <summary>The source of all activities, for <c>AddSource</c> of OpenTelemetry or an <c>ActivityListener</c>.</summary>
    public const string ActivitySourceName = "Larder";

    /// <summary>A switch of <see cref="AppContext"/>: set to false before Larder is first used, it makes no instruments at all.</summary>
    /// <remarks>For processes that live for milliseconds: to make the first meter takes the runtime ten or more.</remarks>
    public const string SwitchName = "Larder.Telemetry.IsEnabled";

    /// <summary>Whether instruments and activities are made.</summary>
    internal static readonly bool IsEnabled = !AppContext.TryGetSwitch(SwitchName, out var isEnabled) || isEnabled;

    /// <summary>The version that meters and sources say they are of.</summary>
    internal static string? Version => typeof(LarderTelemetry).Assembly.GetName().Version?.ToString(3);
}
