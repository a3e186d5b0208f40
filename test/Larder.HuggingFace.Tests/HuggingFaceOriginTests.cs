using System.Globalization;
using System.Security.Cryptography;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.TestKit;
using Larder.TestKit.Hub;
using Larder.Transfer;

namespace Larder.HuggingFace.Tests;

public sealed partial class HuggingFaceOriginTests : HubTests
{
    [Fact]
    public async Task List_Branch_TellsWhatTheHubKnows()
    {
        var (large, small) = (TestBytes.Of(5000), TestBytes.Of(100));
        Repository.Put("onnx/model.onnx", large);
        Repository.Put("config.json", small);

        var listing = await Origin().ListAsync(Reference(), Cancellation);

        var commit = Repository.Head;
        Assert.Equal((commit, false), (listing.Revision, listing.IsFixed));
        Assert.Equal(
            [
                new OriginFile("config.json", 100, $"git={TestHubFile.GitNameOf(small)}") { Revision = commit },
                new OriginFile(
                    "onnx/model.onnx",
                    5000,
                    $"sha256={Convert.ToHexStringLower(SHA256.HashData(large))}",
                    Digest.Of(large),
                    HasRanges: true
                )
                {
                    Revision = commit,
                },
            ],
            listing.Files.OrderBy(file => file.Path, StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("dev", "@dev")]
    [InlineData("tag/with/slashes", "@tag%2Fwith%2Fslashes")]
    [InlineData("refs/pr/7", "@refs/pr/7")]
    public async Task List_NamedRevision_IsItsCommit(string name, string revision)
    {
        Repository.Put("a.txt", [1]);
        Repository.Name(name);
        var commit = Repository.Head;
        Repository.Put("b.txt", [2]);

        var listing = await Origin().ListAsync(Reference(revision), Cancellation);

        Assert.Equal(commit, listing.Revision);
        Assert.Equal(["a.txt"], listing.Files.Select(file => file.Path));
        Assert.Equal($"GET /api/models/org/repo/revision/{Uri.EscapeDataString(name)}", Hub.Requests[0]);
    }

    [Fact]
    public async Task List_Commit_IsFixedAndOneRequest()
    {
        var commit = Repository.Put("a.txt", [1]);
        Repository.Put("a.txt", [2]);
        var origin = Origin();

        var listing = await origin.ListAsync(Reference($"@{commit}"), Cancellation);
        await origin.ListAsync(Reference($"@{commit}"), Cancellation);

        Assert.Equal((commit, true), (listing.Revision, listing.IsFixed));
        Assert.Equal($"git={TestHubFile.GitNameOf([1])}", listing.Files.Single().Version);
        Assert.Equal([$"GET /api/models/org/repo/tree/{commit}?recursive=true&expand=false"], Hub.Requests);
    }

    [Fact]
    public async Task List_ManyFiles_IsAllPagesOnce()
    {
        Hub.PageSize = 7;
        for (var i = 0; i < 30; i++)
            Repository.Put(string.Create(CultureInfo.InvariantCulture, $"part-{i}.txt"), [(byte)i]);
        var origin = Origin();

        var listing = await origin.ListAsync(Reference(), Cancellation);
        var again = await origin.ListAsync(Reference(), Cancellation);

        Assert.Equal(30, listing.Files.Count);
        Assert.Equal(listing.Files, again.Files);
        // The revision, five pages of the list, and the revision again.
        Assert.Equal(7, Hub.Requests.Count);
    }

    [Fact]
    public async Task List_NextPageAtAnotherHost_IsRefusedAndNotAsked()
    {
        await using var other = new ScriptedHttpServer(exchange => exchange.AnswerAsync(200, "[]"u8.ToArray()));
        Hub.PageSize = 1;
        Hub.NextPagesAt = other.Url("");
        Repository.Put("a.txt", [1]);
        Repository.Put("b.txt", [2]);

        var failure = await FailureOfPullAsync(Cache(Origin($"HF_TOKEN={TestHub.Token}")));

        Assert.Equal(OriginFailure.Broken, failure.Failure);
        Assert.Contains("go on at 127.0.0.1", failure.Message, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData("models", "gpt2", "hf://gpt2@main")]
    [InlineData("models", "gpt2", "hf://gpt2")]
    [InlineData("datasets", "org/data", "hf://datasets/org/data@main")]
    [InlineData("spaces", "org/app", "hf://spaces/org/app")]
    public async Task Pull_AnyKind_AsksForIt(string kind, string id, string reference)
    {
        var repository = Hub.Create(id, kind);
        repository.Put("a.bin", [1, 2, 3]);
        repository.Put("b.txt", [4]);

        var snapshot = await PullAsync(reference: ModelReference.Parse(reference));

        Assert.Equal(["a.bin", "b.txt"], snapshot.Manifest.Files.Select(file => file.Path));
        var prefix = kind == "models" ? "" : kind + "/";
        Assert.Contains($"GET /{prefix}{id}/resolve/{repository.Head}/a.bin", Hub.Requests);
    }

    [Fact]
    public async Task Pull_PartOfARepository_IsThatPart()
    {
        Repository.Put("onnx/model.onnx", TestBytes.Of(1000));
        Repository.Put("onnx/deep/a.txt", [1]);
        Repository.Put("onnx-other/b.txt", [2]);
        Repository.Put("config.json", [3]);

        var directory = await PullAsync(reference: Reference("@main/onnx/"));
        var file = await PullAsync(reference: Reference("@main/onnx/model.onnx"));

        Assert.Equal(["deep/a.txt", "model.onnx"], directory.Manifest.Files.Select(path => path.Path));
        Assert.Equal(["model.onnx"], file.Manifest.Files.Select(path => path.Path));
        // The second reference has its files from the store.
        Assert.Equal(0, file.FilesFetched);
    }

    [Theory]
    [InlineData("@main/onnx", "write a '/' behind it")]
    [InlineData("@main/config.json/", "leave the '/' behind it out")]
    [InlineData("@main/Config.json", "letter case counts")]
    public async Task List_PathThatIsNot_SaysWhatToWrite(string path, string hint)
    {
        Repository.Put("onnx/model.onnx", [1]);
        Repository.Put("config.json", [2]);

        var failure = await FailureOfPullAsync(reference: Reference(path));

        Assert.Equal(OriginFailure.NotFound, failure.Failure);
        Assert.Contains(hint, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_Files_AsksOnceForEach()
    {
        for (var i = 0; i < 10; i++)
        {
            Repository.Put($"large-{i}.bin", TestBytes.Of(2000, seed: i));
            Repository.Put($"small-{i}.txt", TestBytes.Of(20, seed: i));
        }

        var snapshot = await PullAsync();

        Assert.Equal(20, snapshot.FilesFetched);
        // The revision, the list, each file, and for each small one the address within the Hub that it leads to.
        Assert.Equal(1 + 1 + 20 + 10, Hub.Requests.Count);
        Assert.Equal(10, Hub.RequestsElsewhere.Count);
        Assert.All(
            Hub.Requests.Concat(Hub.RequestsElsewhere),
            request => Assert.StartsWith("GET ", request, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Pull_UnchangedBranch_IsOneRequest()
    {
        Repository.Put("a.bin", TestBytes.Of(2000));
        var cache = Cache();
        await PullAsync(cache);
        var before = Hub.Requests.Count;

        var again = await PullAsync(cache, refresh: true);

        Assert.Equal(PullOutcome.Revalidated, again.Outcome);
        Assert.Equal(["GET /api/models/org/repo/revision/main"], Hub.Requests.Skip(before));
    }

    [Fact]
    public async Task Pull_CommitAgain_AsksNothingEver()
    {
        var commit = Repository.Put("a.bin", TestBytes.Of(2000));
        var cache = Cache();
        await PullAsync(cache, Reference($"@{commit}"));
        var before = Hub.Requests.Count;

        var again = Own(
            await cache.PullAsync(Reference($"@{commit}"), new PullOptions { FreshFor = TimeSpan.Zero }, Cancellation)
        );

        Assert.Equal((PullOutcome.Hit, before), (again.Outcome, Hub.Requests.Count));
    }

    [Fact]
    public async Task Pull_OneOfFiftyChanged_FetchesThatOne()
    {
        for (var i = 0; i < 50; i++)
            Repository.Put($"part-{i}.bin", TestBytes.Of(3000, seed: i));
        var cache = Cache();
        var first = await PullAsync(cache);
        var commit = Repository.Put("part-7.bin", TestBytes.Of(3000, seed: 100));
        var before = Hub.Requests.Count;

        var second = await PullAsync(cache, refresh: true);

        Assert.Equal((1, 3000), (second.FilesFetched, second.BytesFetched));
        Assert.Equal(
            [
                "GET /api/models/org/repo/revision/main",
                $"GET /api/models/org/repo/tree/{commit}?recursive=true&expand=false",
                $"GET /org/repo/resolve/{commit}/part-7.bin",
            ],
            Hub.Requests.Skip(before)
        );
        Assert.Equal(commit, cache.Find(Reference())!.Revision);
        Assert.NotEqual(first.Digest, second.Digest);
    }

    [Fact]
    public async Task Pull_RenamedRepository_IsFollowed()
    {
        Repository.RenamedTo = "org/new-name";
        var renamed = Hub.Create("org/new-name");
        renamed.Put("a.bin", TestBytes.Of(2000));
        renamed.Put("b.txt", TestBytes.Of(20));

        var snapshot = await PullAsync();

        Assert.Equal(2, snapshot.FilesFetched);
        Assert.Equal(renamed.Head, Cache().Find(Reference())!.Revision);
    }

    [Fact]
    public async Task Pull_Token_GoesToTheHubAlone()
    {
        Repository.IsPrivate = true;
        Repository.Put("a.bin", TestBytes.Of(2000));

        await PullAsync(Cache(Origin($"HF_TOKEN={TestHub.Token}")));

        Assert.NotEmpty(Hub.HeadersElsewhere);
        Assert.All(
            Hub.HeadersElsewhere,
            headers =>
                Assert.DoesNotContain(
                    headers,
                    header =>
                        header.Key == "Authorization" || header.Value.Contains("canary-token", StringComparison.Ordinal)
                )
        );
    }

    [Fact]
    public async Task Open_ForACaller_HasNothingOfTheOperatorsRights()
    {
        Repository.IsPrivate = true;
        var commit = Repository.Put("a.bin", TestBytes.Of(2000));
        var origin = Origin($"HF_TOKEN={TestHub.Token}");
        var operators = Reference($"@{commit}");
        var callers = ModelReference.ParseUntrusted(operators.Text);
        var file = (await origin.ListAsync(operators, Cancellation)).Files.Single();
        await (await origin.OpenAsync(operators, file, null, Cancellation)).DisposeAsync();
        var elsewhere = Hub.RequestsElsewhere.Count;

        var listing = await Assert.ThrowsAsync<OriginException>(() => origin.ListAsync(callers, Cancellation));
        var opening = await Assert.ThrowsAsync<OriginException>(() =>
            origin.OpenAsync(callers, file, new ByteRange(0, 10), Cancellation)
        );

        // Neither the list nor the signed address that the operator got, and not his token.
        Assert.Equal((OriginFailure.NotFound, OriginFailure.NotFound), (listing.Failure, opening.Failure));
        Assert.Equal(elsewhere, Hub.RequestsElsewhere.Count);
    }

    [Fact]
    public async Task Pull_LargeFileInParts_ResolvesItOnce()
    {
        var bytes = TestBytes.Of((40 << 20) + 5);
        Repository.Put("model.bin", bytes);

        var snapshot = await PullAsync();

        Assert.Single(Hub.Requests, request => request.Contains("/resolve/", StringComparison.Ordinal));
        Assert.True(Hub.RequestsElsewhere.Count > 1, "All of it came with one request.");
        Assert.Equal(Digest.Of(bytes), snapshot.Manifest.Files.Single().Digest);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task Pull_AddressExpiresOnTheWay_IsAskedForAgain(int status)
    {
        Hub.UsesPerAddress = 2;
        Hub.ExpiredStatus = status;
        // Four parts over two connections.
        var bytes = TestBytes.Of((49 << 20) + 5);
        Repository.Put("model.bin", bytes);

        // Without a retry: it is no failure.
        var snapshot = await PullAsync(Cache(connections: 2, retries: 0));

        Assert.Equal(Digest.Of(bytes), snapshot.Manifest.Files.Single().Digest);
        var resolves = Hub.Requests.Count(request => request.Contains("/resolve/", StringComparison.Ordinal));
        // Both may have been refused before either knew the new address.
        Assert.InRange(resolves, 2, 3);
    }

    [Fact]
    public async Task Open_ExpiredAddress_IsResolvedOnceMore()
    {
        Hub.UsesPerAddress = 3;
        var bytes = TestBytes.Of(100_000);
        Repository.Put("model.bin", bytes);
        var origin = Origin();
        var file = (await origin.ListAsync(Reference(), Cancellation)).Files.Single();

        for (var i = 0; i < 10; i++)
        {
            await using var body = await origin.OpenAsync(
                Reference(),
                file,
                new ByteRange(i * 10_000, 10_000),
                Cancellation
            );
            var part = new byte[10_000];
            await body.ReadExactlyAsync(part, Cancellation);
            Assert.Equal(bytes[(i * 10_000)..((i + 1) * 10_000)], part);
        }

        Assert.Equal(4, Hub.Requests.Count(request => request.Contains("/resolve/", StringComparison.Ordinal)));
        Assert.Equal(10 + 3, Hub.RequestsElsewhere.Count);
    }

    [Fact]
    public async Task Pull_FileStoreRefusesWhatTheHubHasJustSigned_IsUnavailable()
    {
        Hub.UsesPerAddress = 0;
        Repository.Put("model.bin", TestBytes.Of(1000));

        var failure = await FailureOfPullAsync();

        Assert.Equal(OriginFailure.Unavailable, failure.Failure);
        Assert.Contains(
            "localhost, where the Hub keeps the file, answered 403",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(TestHub.Signature, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_WrongBytesFromTheFileStore_StoresNothing()
    {
        Repository.Put("model.bin", TestBytes.Of(100_000));
        Hub.Tamper = bytes => [(byte)~bytes[0], .. bytes.AsSpan(1)];
        var cache = Cache();

        var failure = await Assert.ThrowsAsync<IntegrityException>(() => PullAsync(cache));

        Assert.Equal("model.bin", failure.Path);
        Assert.Empty(cache.List());
        Assert.Empty(Directory.EnumerateFiles(At("store/blobs"), "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(999)]
    public async Task Pull_WrongBytesInASmallFile_StoresNothing(int index)
    {
        Repository.Put("config.json", TestBytes.Of(1000));
        Hub.Tamper = bytes => [.. bytes.AsSpan(0, index), (byte)~bytes[index], .. bytes.AsSpan(index + 1)];
        var cache = Cache();

        var failure = await FailureOfPullAsync(cache);

        Assert.Equal(OriginFailure.Broken, failure.Failure);
        Assert.Contains("'config.json'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(TestHubFile.GitNameOf(TestBytes.Of(1000)), failure.Message, StringComparison.Ordinal);
        Assert.Empty(cache.List());
        Assert.Empty(Directory.EnumerateFiles(At("store/blobs"), "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Pull_SmallFileOfAnotherLength_StoresNothing(int more)
    {
        Repository.Put("config.json", TestBytes.Of(1000));
        Hub.Tamper = bytes => TestBytes.Of(bytes.Length + more);
        var cache = Cache();

        await Assert.ThrowsAsync<IntegrityException>(() => PullAsync(cache));

        Assert.Empty(cache.List());
    }

    [Fact]
    public async Task Open_AllSentForAPart_SaysSo()
    {
        Repository.Put("model.bin", TestBytes.Of(1000));
        var origin = Origin();
        var file = (await origin.ListAsync(Reference(), Cancellation)).Files.Single();
        Hub.Intercept = async exchange =>
        {
            await exchange.AnswerAsync(200, TestBytes.Of(1000));
            return true;
        };

        var failure = await Assert.ThrowsAsync<OriginException>(() =>
            origin.OpenAsync(Reference(), file, new ByteRange(10, 20), Cancellation)
        );

        Assert.Equal(OriginFailure.NoRanges, failure.Failure);
    }

    [Theory]
    [InlineData("bytes 0-19/1000")]
    [InlineData("bytes 10-29/999")]
    [InlineData("bytes 10-30/1000")]
    public async Task Open_OtherPartSent_IsBroken(string contentRange)
    {
        Repository.Put("model.bin", TestBytes.Of(1000));
        var origin = Origin();
        var file = (await origin.ListAsync(Reference(), Cancellation)).Files.Single();
        Hub.Intercept = async exchange =>
        {
            await exchange.AnswerAsync(206, TestBytes.Of(20), $"Content-Range: {contentRange}");
            return true;
        };

        var failure = await Assert.ThrowsAsync<OriginException>(() =>
            origin.OpenAsync(Reference(), file, new ByteRange(10, 20), Cancellation)
        );

        Assert.Equal(OriginFailure.Broken, failure.Failure);
    }

    [Fact]
    public async Task Pull_MirrorThatSendsAllItself_Works()
    {
        Hub.SendsFilesItself = true;
        Repository.IsPrivate = true;
        var bytes = TestBytes.Of((20 << 20) + 5);
        Repository.Put("model.bin", bytes);
        Repository.Put("config.json", TestBytes.Of(100));

        var snapshot = await PullAsync(Cache(Origin($"HF_TOKEN={TestHub.Token}")));

        Assert.Equal(2, snapshot.FilesFetched);
        Assert.Contains(snapshot.Manifest.Files, file => file.Digest == Digest.Of(bytes));
        Assert.Empty(Hub.RequestsElsewhere);
    }
}
