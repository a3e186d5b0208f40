namespace Larder.Sharing;

/// <summary>What a shared store is asked for: a store that refuses the one may still do the other.</summary>
internal enum SharedDirection
{
    /// <summary>An answer is looked for, or fetched.</summary>
    Read,

    /// <summary>An answer is published, with all the looks at what is there that this takes.</summary>
    Write,

    /// <summary>Something of one's own is taken away again, a lease or a probe: rights to write may be without this one.</summary>
    Remove,
}
