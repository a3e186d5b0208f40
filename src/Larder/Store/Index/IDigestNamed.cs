using Larder.Content;

namespace Larder.Store.Index;

/// <summary>Something that has a digest for its name and can be looked up by it.</summary>
internal interface IDigestNamed
{
    Digest Name { get; }
}
