namespace Larder.Recordings.Requests;

/// <summary>What the name of a member says of its text.</summary>
internal enum SecretName
{
    /// <summary>Nothing.</summary>
    Never,

    /// <summary>It may be a secret: in inference, a token is a word as often as a secret.</summary>
    WhenItLooksLikeOne,

    /// <summary>It is a secret.</summary>
    Always,
}
