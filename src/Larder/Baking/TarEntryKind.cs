namespace Larder.Baking;

/// <summary>What an entry of a tar archive is, by the character that stands for it there.</summary>
internal enum TarEntryKind
{
    File = '0',
    SymbolicLink = '2',
    Directory = '5',
}
