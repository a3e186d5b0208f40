namespace Larder.Transfer;

/// <summary>How far one request for a file goes.</summary>
internal enum FetchMode
{
    /// <summary>To the end of the run: other connections have the rest.</summary>
    Part,

    /// <summary>On to the end of the file, as far as no other connection takes blocks behind the run.</summary>
    GoesOn,

    /// <summary>The whole file, of an origin that has no parts: what breaks off starts over.</summary>
    Whole,
}
