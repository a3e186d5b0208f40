namespace Larder.Cli.Tests.Page;

/// <summary>What a reader of the page keeps in memory.</summary>
internal sealed class Session
{
    public static Task<Session> LoadAsync(SessionOptions options, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<Session>(cancellationToken)
            : Task.FromResult(new Session { Threads = options.Threads });

    public int Threads { get; private init; }

    public int Runs { get; private set; }

    public void Run() => Runs++;
}
