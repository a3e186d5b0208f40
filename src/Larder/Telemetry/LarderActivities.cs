using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Larder.Telemetry;

/// <summary>The one source of activities, named Larder.</summary>
internal static class LarderActivities
{
    /// <summary>A model's files are made available.</summary>
    public const string Pull = "larder.pull";

    /// <summary>An origin is asked what it has.</summary>
    public const string List = "larder.list";

    /// <summary>Files are brought from an origin or a shared store.</summary>
    public const string Transfer = "larder.transfer";

    /// <summary>What is stored is read again and compared with its digests.</summary>
    public const string Verify = "larder.verify";

    /// <summary>A graph is loaded.</summary>
    public const string Load = "larder.load";

    /// <summary>A model is run.</summary>
    public const string Run = "larder.run";

    /// <summary>A pass or an evaluation is computed.</summary>
    public const string Pass = "larder.pass";

    /// <summary>A request for a prediction is answered.</summary>
    public const string Predict = "larder.predict";

    private static readonly ActivitySource Source = new(
        LarderTelemetry.ActivitySourceName,
        LarderTelemetry.Version ?? ""
    );

    /// <summary>Whether anybody wants to know of activities.</summary>
    public static bool AreWatched => LarderTelemetry.IsEnabled && HasListeners();

    /// <summary>Begins an activity, which ends when it is disposed; null where nobody wants to know.</summary>
    public static Activity? Start(string name) => AreWatched ? Source.StartActivity(name) : null;

    /// <summary>Notes that what the activity is about failed. A call that its caller gave up is no failure.</summary>
    public static void Fail(this Activity? activity, Exception failure)
    {
        if (activity is null)
            return;
        activity.SetTag("error.type", failure.GetType().Name);
        if (failure is not OperationCanceledException)
            activity.SetStatus(ActivityStatusCode.Error, failure.Message);
    }

    // Of its own, so that a process without telemetry does not even load the assembly of activities.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool HasListeners() => Source.HasListeners();
}
