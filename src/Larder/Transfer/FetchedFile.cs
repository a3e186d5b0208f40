using Larder.Content;
using Larder.Store.Scrub;

namespace Larder.Transfer;

/// <summary>What came of one file: its length, its digest and the checksums of its blocks, all taken as the bytes passed.</summary>
internal sealed record FetchedFile(long SizeBytes, Digest Digest, BlockChecksums Checksums);
