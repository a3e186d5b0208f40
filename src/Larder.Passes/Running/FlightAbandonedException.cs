namespace Larder.Passes.Running;

/// <summary>A flight whose caller left before it began, so that nobody holds the models for it.</summary>
internal sealed class FlightAbandonedException : Exception;
