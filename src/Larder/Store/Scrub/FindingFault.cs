namespace Larder.Store.Scrub;

/// <summary>What is wrong with a part of a store.</summary>
public enum FindingFault
{
    /// <summary>Its bytes are wrong, or it has been touched.</summary>
    Damaged,

    /// <summary>An entry needs it and it is not there.</summary>
    Missing,

    /// <summary>The system could not read it; it was left where it is.</summary>
    Unreadable,

    /// <summary>It was read wrong once and right the second time: it is sound, the machine may not be.</summary>
    TransientRead,
}
