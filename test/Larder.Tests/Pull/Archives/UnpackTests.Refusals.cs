using System.Buffers.Binary;
using System.Formats.Tar;
using System.Text;
using Larder.Pull;
using Larder.Pull.Archives;
using Larder.Store;
using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests.Pull.Archives;

// What is not unpacked, and why; nothing is ever stored of it.
public sealed partial class UnpackTests
{
    [Theory]
    [InlineData(TarEntryType.SymbolicLink, "is a symbolic link")]
    [InlineData(TarEntryType.HardLink, "is a hard link")]
    [InlineData(TarEntryType.CharacterDevice, "is a device")]
    [InlineData(TarEntryType.BlockDevice, "is a device")]
    [InlineData(TarEntryType.Fifo, "is a named pipe")]
    public async Task PullAsync_TarWithMoreThanFiles_IsRefused(TarEntryType type, string reason)
    {
        Put(
            "model.tar",
            Packed.Tar(
                TarEntryFormat.Pax,
                Packed.File("a", [1]),
                (
                    "bad/one",
                    type,
                    "/etc/passwd"u8.ToArray()[..(type is TarEntryType.SymbolicLink or TarEntryType.HardLink ? 11 : 0)]
                )
            )
        );

        var failure = await AssertRefusedAsync("model.tar");

        Assert.Equal("bad/one", failure.Entry);
        Assert.Contains(
            $"'bad/one' in 'fake://origin/models/model.tar' {reason}",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(0xA000, "is a symbolic link")]
    [InlineData(0x1000, "is a device, a pipe or a socket")]
    [InlineData(0x6000, "is a device, a pipe or a socket")]
    public async Task PullAsync_ZipWithMoreThanFiles_IsRefused(int type, string reason)
    {
        Put(
            "model.zip",
            Packed.Zip(zip =>
            {
                var entry = zip.CreateEntry("bad");
                entry.ExternalAttributes = (type | 0x1FF) << 16;
                using var stream = entry.Open();
                stream.Write("/etc/passwd"u8);
            })
        );

        var failure = await AssertRefusedAsync("model.zip");

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside", "'.' or '..' segment")]
    [InlineData("a/../../outside", "'.' or '..' segment")]
    [InlineData("./../outside", "'.' or '..' segment")]
    [InlineData("/etc/passwd", "is absolute")]
    [InlineData("a\\b", "has a backslash")]
    [InlineData("C:/a", "begins with a drive letter")]
    [InlineData("a//b", "has an empty segment")]
    [InlineData("a/NUL.txt", "the name of a device on Windows")]
    [InlineData("a\u0001b", "has a control character")]
    [InlineData("a./b", "ends in a dot")]
    public async Task PullAsync_NameThatCannotBe_IsRefused(string name, string reason)
    {
        foreach (
            var (archive, bytes) in new[]
            {
                ("model.zip", Packed.Zip(("good", [1]), (name, [2]))),
                ("model.tar", Packed.Tar(("good", [1]), (name, [2]))),
                ("model.tgz", Packed.TarGzip(("good", [1]), (name, [2]))),
            }
        )
        {
            Put(archive, bytes);

            var failure = await AssertRefusedAsync(archive);

            Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
            _store.Origin.Remove(archive);
        }
    }

    [Fact]
    public async Task PullAsync_NameWithAZeroInAnExtendedHeader_IsRefused()
    {
        var record = "16 path=a\0../b\n"u8.ToArray();
        var data = new byte[512];
        record.CopyTo(data, 0);
        data[0] = (byte)'1';
        data[1] = (byte)'5';
        Put(
            "model.tar",
            [.. Packed.TarHeader("x", 'x', record.Length), .. data, .. Packed.TarHeader("a", '0', 0), .. new byte[1024]]
        );

        var failure = await AssertRefusedAsync("model.tar");

        Assert.Contains("has a control character", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_NameThatIsNotUtf8_IsRefused()
    {
        var header = Packed.TarHeader("aXb", '0', 0);
        header[1] = 0xFF;
        // The checksum again: 0xFF for an X.
        var sum = Convert.ToInt32(Encoding.ASCII.GetString(header, 148, 6), 8) + 0xFF - 'X';
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0')).CopyTo(header, 148);
        Put("model.tar", [.. header, .. new byte[1024]]);

        Assert.Contains("not UTF-8", (await AssertRefusedAsync("model.tar")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "a", "is there twice")]
    [InlineData("a/b", "A/B", "letter case")]
    [InlineData("a", "a/b", "is both a file and a directory")]
    public async Task PullAsync_NamesThatCannotLieBesideEachOther_AreRefused(string one, string other, string reason)
    {
        Put("model.tar", Packed.Tar((one, [1]), (other, [2])));

        Assert.Contains(reason, (await AssertRefusedAsync("model.tar")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_EncryptedZip_IsRefused()
    {
        Put("model.zip", Packed.Patch(Packed.Zip(("a", Labels)), 8, 6, [1, 0]));

        Assert.Contains("is encrypted", (await AssertRefusedAsync("model.zip")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_ZipOfAnUnknownMethod_IsRefused()
    {
        Put("model.zip", Packed.Patch(Packed.Zip(("a", Labels)), 10, 8, [93, 0]));

        var failure = await AssertRefusedAsync("model.zip");

        Assert.Equal("a", failure.Entry);
        Assert.Contains("cannot be unpacked", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_ZipWithAWrongChecksum_IsNotBelieved()
    {
        Put("model.zip", Packed.Patch(Packed.Zip(("a", Labels)), 16, null, [1, 2, 3, 4]));

        var failure = await Assert.ThrowsAsync<IntegrityException>(() => PullAsync("model.zip"));

        Assert.Equal(("a", "04030201"), (failure.Path, failure.Expected));
        StoreAudit.AssertEmpty(_store.Root);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public async Task PullAsync_ZipThatLiesAboutALength_IsNotBelieved(int announced)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, announced);
        Put("model.zip", Packed.Patch(Packed.Zip(("a", Labels)), 24, null, length));

        await Assert.ThrowsAnyAsync<LarderException>(() => PullAsync("model.zip"));

        StoreAudit.AssertEmpty(_store.Root);
    }

    [Theory]
    [InlineData("model.zip")]
    [InlineData("model.tar")]
    [InlineData("model.tgz")]
    public async Task PullAsync_ArchiveWithoutFiles_IsRefused(string name)
    {
        Put(name, Pack(name, []));
        Assert.Contains("no files in it", (await AssertRefusedAsync(name)).Message, StringComparison.Ordinal);

        var tar = Packed.Tar(TarEntryFormat.Pax, ("only/", TarEntryType.Directory, []));
        Put(
            name,
            name == "model.zip" ? Packed.Zip(("only/", []))
                : name == "model.tar" ? tar
                : Packed.Gzip(tar)
        );
        Assert.Contains("no files in it", (await AssertRefusedAsync(name)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.zip")]
    [InlineData("model.tar")]
    [InlineData("model.tgz")]
    public async Task PullAsync_NoArchiveAtAll_IsRefused(string name)
    {
        foreach (var length in new[] { 0, 1, 100, 5000 })
        {
            Put(name, TestBytes.Of(length));

            var failure = await Assert.ThrowsAsync<ArchiveException>(() => PullAsync(name));

            Assert.Contains("Nothing was stored", failure.Message, StringComparison.Ordinal);
        }
        StoreAudit.AssertEmpty(_store.Root);
    }

    [Theory]
    [InlineData("model.zip")]
    [InlineData("model.tar")]
    [InlineData("model.tgz")]
    public async Task PullAsync_CutOffAnywhere_IsRefused(string name)
    {
        var whole = Pack(name, [("a", TestBytes.Of(700)), ("b", Labels)]);
        var step = Math.Max(1, whole.Length / 97);
        for (var length = 0; length < whole.Length; length += step)
        {
            Put(name, whole[..length]);
            if (name == "model.tar" && length > whole.Length - 512)
                break; // Only a part of the second block of zeros is gone, which many programs do not write.

            await Assert.ThrowsAnyAsync<LarderException>(() => PullAsync(name));
        }
        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task PullAsync_GzipCutOffAtEachOfItsLastBytes_IsRefused()
    {
        var whole = Packed.TarGzip(("a", TestBytes.Of(100)));
        for (var cut = 1; cut <= 20; cut++)
        {
            Put("model.tgz", whole[..^cut]);
            await Assert.ThrowsAnyAsync<LarderException>(() => PullAsync("model.tgz"));
        }
        StoreAudit.AssertEmpty(_store.Root);
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0x1f, 0x8b })]
    [InlineData(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })]
    public async Task PullAsync_BytesBehindTheEndOfGzip_AreRefused(byte[] more)
    {
        Put("model.tgz", [.. Packed.TarGzip(("a", TestBytes.Of(100_000))), .. more]);

        await AssertRefusedAsync("model.tgz");
    }

    [Fact]
    public async Task PullAsync_GzipWithAWrongChecksum_IsNotBelieved()
    {
        var whole = Packed.TarGzip(("a", TestBytes.Of(100_000)));
        whole[^7] ^= 1;
        Put("model.tgz", whole);

        await Assert.ThrowsAsync<IntegrityException>(() => PullAsync("model.tgz"));

        StoreAudit.AssertEmpty(_store.Root);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    [InlineData(8192)]
    [InlineData(100_000)]
    public async Task PullAsync_GzipOfSeveralParts_IsUnpacked(int first)
    {
        var tar = Packed.Tar(("a", TestBytes.Of(200_000)));
        Put("model.tgz", [.. Packed.Gzip(tar[..first]), .. Packed.Gzip([]), .. Packed.Gzip(tar[first..])]);

        using var snapshot = await PullAsync("model.tgz");

        Assert.Equal(TestBytes.Of(200_000), await ReadAsync(snapshot, "a"));
    }

    [Fact]
    public async Task PullAsync_GzipWithAllItsHeaderFields_IsUnpacked()
    {
        var plain = Packed.TarGzip(("a", Labels));
        byte[] header =
        [
            0x1f,
            0x8b,
            8,
            2 | 4 | 8 | 16,
            0,
            0,
            0,
            0,
            0,
            3,
            3,
            0,
            1,
            2,
            3,
            .. "name\0"u8,
            .. "why\0"u8,
            7,
            7,
        ];
        Put("model.tgz", [.. header, .. plain[10..]]);

        using var snapshot = await PullAsync("model.tgz");

        Assert.Equal(Labels, await ReadAsync(snapshot, "a"));
    }

    [Fact]
    public async Task PullAsync_BytesBehindTheEndOfTar_AreRefused()
    {
        Put("model.tar", [.. Packed.Tar(("a", Labels)), .. Packed.Tar(("b", Labels))]);

        Assert.Contains(
            "goes on behind its end",
            (await AssertRefusedAsync("model.tar")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task PullAsync_ExtendedHeaderOfTwoGigabytes_TakesNoMemory()
    {
        foreach (var type in "xgLK")
        {
            Put("model.tar", [.. Packed.TarHeader("x", type, 2_000_000_000), .. new byte[4096]]);
            var before = GC.GetTotalAllocatedBytes();

            await AssertRefusedAsync("model.tar");

            Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 200_000_000);
        }
    }

    [Theory]
    [InlineData("model.zip")]
    [InlineData("model.tar")]
    [InlineData("model.tgz")]
    public async Task PullAsync_MoreThanALimit_NamesLimitAndSetting(string name)
    {
        await AssertLimitAsync(
            new ArchiveLimits { MaxBytes = 3000 },
            "3000 bytes",
            "archives.max_bytes",
            ("a", TestBytes.Of(4000))
        );
        await AssertLimitAsync(
            new ArchiveLimits { MaxBytes = 5000 },
            "5000 bytes",
            "archives.max_bytes",
            ("a", TestBytes.Of(3000)),
            ("b", TestBytes.Of(3001, seed: 2))
        );
        await AssertLimitAsync(
            new ArchiveLimits { MaxEntries = 2 },
            "2 entries",
            "archives.max_entries",
            ("a", [1]),
            ("b", [1]),
            ("c", [1])
        );
        await AssertLimitAsync(
            new ArchiveLimits { MaxDepth = 3 },
            "4 segments",
            "archives.max_depth",
            ("a/b/c/d", [1])
        );
        if (name != "model.tar")
            await AssertLimitAsync(
                new ArchiveLimits(),
                "100 times its own size",
                "archives.max_ratio",
                ("a", new byte[20 << 20])
            );

        async Task AssertLimitAsync(ArchiveLimits limits, string what, string setting, params (string, byte[])[] files)
        {
            using var store = new TestStore();
            using var cache = new ModelCache(
                new ModelCacheOptions { StorePath = store.Root, Archives = limits },
                [store.Origin]
            );
            store.Origin.Put(name, Pack(name, files));

            var failure = await Assert.ThrowsAsync<ArchiveException>(() =>
                cache.PullAsync(Reference(name), null, Cancellation)
            );

            Assert.Contains(what, failure.Message, StringComparison.Ordinal);
            Assert.Contains(setting, failure.Message, StringComparison.Ordinal);
            StoreAudit.AssertEmpty(store.Root);
        }
    }

    [Fact]
    public async Task PullAsync_BombInAFileThatIsNotChosen_IsStoppedToo()
    {
        Put("model.tgz", Packed.TarGzip(("bomb", new byte[64 << 20]), ("model", [1])));

        var failure = await Assert.ThrowsAsync<ArchiveException>(() =>
            PullAsync("model.tgz", new PullOptions { Include = ["model"] })
        );

        Assert.Contains("max_ratio", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.zip")]
    [InlineData("model.tgz")]
    public async Task PullAsync_BombInASmallStore_FillsItNoFurtherThanItsCapacity(string name)
    {
        const int capacity = 8 << 20;
        using var store = new TestStore();
        using var cache = new ModelCache(
            new ModelCacheOptions { StorePath = store.Root, CapacityBytes = capacity },
            [store.Origin]
        );
        store.Origin.Put(name, Pack(name, [("bomb", new byte[15 << 20])]));

        var failure = await Assert.ThrowsAsync<NoRoomException>(() =>
            cache.PullAsync(Reference(name), null, Cancellation)
        );

        Assert.False(failure.CanFitLater && failure.AvailableBytes > capacity);
        StoreAudit.AssertEmpty(store.Root);
    }

    [Fact]
    public async Task PullAsync_NoRoomForTheFiles_TheArchiveNeedNotComeAgain()
    {
        using var store = new TestStore();
        var packed = Packed.Zip(("a", TestBytes.Of(2_000_000)));
        store.Origin.Put("model.zip", packed);
        using var small = new ModelCache(
            new ModelCacheOptions { StorePath = store.Root, CapacityBytes = 3_000_000 },
            [store.Origin]
        );
        await Assert.ThrowsAsync<NoRoomException>(() => small.PullAsync(Reference("model.zip"), null, Cancellation));

        using var snapshot = await store.Cache.PullAsync(Reference("model.zip"), null, Cancellation);

        Assert.True(snapshot.FromCache);
        Assert.Single(store.Origin.Opened);
    }

    [Fact]
    public async Task PullAsync_DamagedArchiveIsMended_IsFetchedAgain()
    {
        var good = Packed.Zip(("a", Labels));
        // The same version by its length and mark: it broke on the way.
        _store.Origin.Put("model.zip", good);
        _store.Origin.SendsInstead = _ =>
            Task.FromResult<Stream>(new MemoryStream(Packed.Patch(good, 16, null, [1, 2, 3, 4])));
        await Assert.ThrowsAsync<IntegrityException>(() => PullAsync("model.zip"));
        _store.Origin.SendsInstead = null;

        using var snapshot = await PullAsync("model.zip");

        Assert.Equal(Labels, await ReadAsync(snapshot, "a"));
    }

    [Fact]
    public async Task PullAsync_StoreThatIsJustLargeEnough_IsFilled()
    {
        using var store = new TestStore();
        var packed = Packed.Zip(("a", TestBytes.Of(100_000)));
        using var cache = new ModelCache(
            new ModelCacheOptions
            {
                StorePath = store.Root,
                CapacityBytes = packed.Length + 100_000,
                HighWater = 1,
            },
            [store.Origin]
        );
        store.Origin.Put("model.zip", packed);

        using var snapshot = await cache.PullAsync(Reference("model.zip"), null, Cancellation);

        Assert.Equal(100_000, snapshot.Manifest.SizeBytes);
    }

    [Fact]
    public async Task PullAsync_DirectoryOfAZipLongerThanItsEntriesAllow_IsRefusedBeforeItIsRead()
    {
        var zip = Packed.Zip(archive =>
        {
            for (var i = 0; i < 40; i++)
                archive.CreateEntry($"{i}-{new string('n', 60_000)}");
        });
        Put("model.zip", zip);
        using var cache = new ModelCache(
            new ModelCacheOptions
            {
                StorePath = _store.Root,
                Archives = new ArchiveLimits { MaxEntries = 50 },
            },
            [_store.Origin]
        );

        var failure = await Assert.ThrowsAsync<ArchiveException>(() =>
            cache.PullAsync(Reference("model.zip"), null, Cancellation)
        );

        Assert.Contains("lists 40 entries in 24", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.zip")]
    [InlineData("model.tar")]
    [InlineData("model.tgz")]
    public async Task PullAsync_BytesChangedAtRandom_UnpacksOrSaysWhy(string name)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var whole = Pack(name, [("a/model.onnx", TestBytes.Of(3000)), ("b", new byte[2000]), ("c", Labels)]);
        for (var i = 0; i < 300; i++)
        {
            var bytes = whole.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            Put(name, bytes);
            try
            {
                (await PullAsync(name, new PullOptions { Refresh = true })).Dispose();
            }
            catch (LarderException)
            {
                // It said why.
            }
            catch (Exception other) when (other is not OperationCanceledException)
            {
                Assert.Fail($"seed {seed}, turn {i}: {other}");
            }
        }
        StoreAudit.AssertWhole(_store.Root, mayHoldOldVersions: true);
    }

    [Fact]
    public void Append_Crc32_IsThatOfTheStandard()
    {
        Assert.Equal(0xCBF43926u, Crc32.Append(0, "123456789"u8));
        var bytes = TestBytes.Of(1000);
        for (var split = 0; split < 20; split++)
            Assert.Equal(
                Crc32.Append(0, bytes),
                Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, split)), bytes.AsSpan(split))
            );
    }

    private async Task<ArchiveException> AssertRefusedAsync(string name)
    {
        var failure = await Assert.ThrowsAsync<ArchiveException>(() => PullAsync(name));
        Assert.Contains("Nothing was stored", failure.Message, StringComparison.Ordinal);
        Assert.Equal($"fake://origin/models/{name}", failure.Archive);
        StoreAudit.AssertEmpty(_store.Root);
        return failure;
    }
}
