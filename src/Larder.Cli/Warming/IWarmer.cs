namespace Larder.Cli.Warming;

/// <summary>Warms models: in the store of this machine, or in a server.</summary>
internal interface IWarmer : IAsyncDisposable
{
    /// <summary>Warms one model.</summary>
    /// <exception cref="LarderException">It could not be had.</exception>
    Task<WarmResult> WarmAsync(WantedModel model, CancellationToken cancellationToken);
}
