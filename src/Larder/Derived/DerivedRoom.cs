namespace Larder.Derived;

/// <summary>What may be removed from a store so that derived files have room.</summary>
internal enum DerivedRoom
{
    /// <summary>Nothing: what was fetched is worth more than what can be made again.</summary>
    Free,

    /// <summary>What is worth least, as for a pull: these files are what their user asked for.</summary>
    Evict,
}
