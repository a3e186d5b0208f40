namespace Larder.Store.Partial;

/// <summary>What a record of a journal says. The numbers stand on disk; their upper bytes tell a journal from other files.</summary>
internal enum JournalRecordKind
{
    /// <summary>Whose transfer it is.</summary>
    Owner = 0x4C4A3101,

    /// <summary>A file is begun.</summary>
    Begin = 0x4C4A3102,

    /// <summary>A block is there.</summary>
    Block = 0x4C4A3103,

    /// <summary>A file turned out to be wrong: nothing of it counts.</summary>
    Void = 0x4C4A3104,
}
