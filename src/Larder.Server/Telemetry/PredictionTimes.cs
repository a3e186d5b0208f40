namespace Larder.Server.Telemetry;

/// <summary>What the steps of a request for predictions took.</summary>
/// <param name="Files">Until the files were there.</param>
/// <param name="Load">Until the model was loaded; where it was, to find that out.</param>
/// <param name="Run">To read the inputs and run, all instances together.</param>
internal readonly record struct PredictionTimes(TimeSpan Files, TimeSpan Load, TimeSpan Run);
