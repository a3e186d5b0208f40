using System.Runtime.Intrinsics.X86;
using Larder.Content;
using Larder.Content.Hashing;

namespace Larder.Tests.Content.Hashing;

/// <summary>What callers get: with AVX-512 its kernel.</summary>
public sealed class ChosenKernelTests(ITestOutputHelper output) : Sha256LanesTests(output)
{
    [Fact]
    public void IsFaster_ProcessorWithoutAvx512_IsNot()
    {
        Assert.SkipWhen(Avx512F.VL.IsSupported, "The processor has AVX-512.");
        Assert.False(Sha256Lanes.IsFaster);
    }

    private protected override void Append(Sha256Message[] messages, ReadOnlyMemory<byte>[] chunks) =>
        Sha256Lanes.Append(messages, chunks);

    private protected override Digest Finish(Sha256Message message) => message.Finish();
}
