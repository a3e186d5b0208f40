using Larder.Content;
using Larder.Content.Hashing;

namespace Larder.Tests.Content.Hashing;

/// <summary>What runs where there is nothing better, on every machine that runs tests.</summary>
public sealed class PortableKernelTests(ITestOutputHelper output) : Sha256LanesTests(output)
{
    private protected override void Append(Sha256Message[] messages, ReadOnlyMemory<byte>[] chunks) =>
        Sha256Lanes.Append<PortableKernel>(messages, chunks);

    private protected override Digest Finish(Sha256Message message) => message.Finish<PortableKernel>();
}
