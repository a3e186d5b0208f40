namespace Larder.Server.Access;

/// <summary>How a caller is known.</summary>
internal enum CallerKind
{
    /// <summary>Somebody on this machine: the server has no tokens.</summary>
    Local,

    /// <summary>By the token of the request.</summary>
    Token,

    /// <summary>By the cookie of a session that was opened with a token, in a browser.</summary>
    Session,
}
