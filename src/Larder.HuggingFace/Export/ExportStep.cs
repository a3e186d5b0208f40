namespace Larder.HuggingFace.Export;

/// <summary>Where an export is; tests look at, and end it, there.</summary>
internal enum ExportStep
{
    RepositoryMade,
    BlobWritten,
    BlobNamed,
    Linked,
    TreeWritten,
    RefWritten,
    RefNamed,
}
