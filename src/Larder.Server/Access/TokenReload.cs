using Larder.Server.Configuration;
using Larder.Server.Reloading;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Access;

/// <summary>Takes over changed tokens while the server runs: one that is taken away ends its sessions, too.</summary>
internal sealed class TokenReload(AccessTokens tokens, ILogger<TokenReload> logger) : IReloadable
{
    private bool _needRestart;

    /// <summary>None while what the configuration has is not in force, so that it is told as what needs a restart.</summary>
    public IReadOnlyList<string> Settings => _needRestart ? [] : ["server.tokens"];

    public void Reload(LarderConfiguration configuration)
    {
        _needRestart = !tokens.TryReplace(configuration.Server.Tokens);
        if (_needRestart)
            logger.TokensNeedRestart();
    }
}
