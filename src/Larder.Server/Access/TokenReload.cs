using Larder.Server.Configuration;
using Larder.Server.Reloading;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Access;

/// <summary>Takes over changed tokens while the server runs: one that is taken away ends its sessions, too.</summary>
internal sealed class TokenReload(AccessTokens tokens, ILogger<TokenReload> logger) : IReloadable
{
    public IReadOnlyList<string> Settings { get; } = ["server.tokens"];

    public void Reload(LarderConfiguration configuration)
    {
        if (!tokens.TryReplace(configuration.Server.Tokens))
            logger.TokensNeedRestart();
    }
}
