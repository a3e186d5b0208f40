namespace Larder.TestKit;

/// <summary>What a <see cref="FaultProxy"/> does to an answer.</summary>
public enum ProxyFault
{
    /// <summary>The connection is reset after so many bytes of the body.</summary>
    Reset,

    /// <summary>The body ends after so many bytes, with a clean end of the connection.</summary>
    ShortBody,

    /// <summary>After so many bytes nothing comes any more, and the connection stays.</summary>
    Stall,

    /// <summary>After so many bytes ten come every tenth of a second.</summary>
    Trickle,

    /// <summary>Behind the body come more bytes than its length says.</summary>
    LongBody,

    /// <summary>The whole file is sent where a part was asked for.</summary>
    WholeForPart,

    /// <summary>The part that is sent is another than the one that was asked for, by a byte.</summary>
    WrongContentRange,

    /// <summary>A part is sent without saying which one.</summary>
    NoContentRange,

    /// <summary>One bit of the body is another.</summary>
    FlippedBit,

    /// <summary>The answer says that its body is compressed.</summary>
    Gzip,

    /// <summary>The answer has the mark of another version.</summary>
    Changed,

    /// <summary>401, although the credentials were good a moment ago.</summary>
    Unauthorized,

    /// <summary>403, as for an address whose signature has run out.</summary>
    Forbidden,

    /// <summary>408.</summary>
    RequestTimeout,

    /// <summary>416, although the range is one of the file.</summary>
    RangeNotSatisfiable,

    /// <summary>429, and when to come back.</summary>
    TooManyRequests,

    /// <summary>500.</summary>
    ServerError,

    /// <summary>503, and when to come back.</summary>
    Unavailable,

    /// <summary>A redirect to itself.</summary>
    RedirectLoop,

    /// <summary>The connection is closed before an answer, as when the handshake of TLS is broken off.</summary>
    Abort,

    /// <summary>What is sent is no HTTP.</summary>
    Garbage,
}
