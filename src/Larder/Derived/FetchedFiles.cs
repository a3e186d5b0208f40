namespace Larder.Derived;

/// <summary>Files that came from a shared store.</summary>
/// <param name="Files">The files under a lease.</param>
/// <param name="BytesFetched">Bytes that came over the network; those of blobs that were here are not among them.</param>
/// <param name="FilesFetched">The files whose bytes came.</param>
internal sealed record FetchedFiles(DerivedFiles Files, long BytesFetched, int FilesFetched);
