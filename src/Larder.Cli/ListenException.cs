namespace Larder.Cli;

/// <summary>The server could not listen where it was told to.</summary>
internal sealed class ListenException(string urls, Exception inner)
    : LarderException(
        $"The server cannot listen at {urls}: {inner.Message} Stop what listens there, or name another address with --urls.",
        inner
    );
