namespace Larder.Recordings.Calls;

/// <summary>What a call answers that answers nothing.</summary>
internal readonly struct Nothing;
