using System.Globalization;
using System.Text.Json.Nodes;
using Larder.TestKit;

namespace Larder.IntegrationTests;

/// <summary><c>larder bake</c>, its archives read by skopeo and laid out by umoci.</summary>
[Trait("Category", "Integration")]
public sealed class BakeCommandTests : CommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bake_Model_SaysWhatItWroteAndCheckAgrees()
    {
        var baked = (await RunAsync("bake", Sample(Prices), "--output", "image.tar", "--json")).Done();
        var text = (await RunAsync("bake", Sample(Prices), "-o", "again.tar")).Done();
        var check = (await RunAsync("bake", "--check", "image.tar", Sample(Prices), "--json")).Done();

        Assert.Equal(["digest", "bytes", "layers"], baked.Names.Intersect(["digest", "bytes", "layers"]));
        Assert.Equal(new FileInfo(At("image.tar")).Length, baked.Json.GetProperty("bytes").GetInt64());
        Assert.Equal(1, baked.Json.GetProperty("layers").GetInt32());
        Assert.Equal(baked.Json.GetProperty("digest").GetString(), text.Output.Trim());
        Assert.Equal(await ReadAsync("image.tar"), await ReadAsync("again.tar"));
        Assert.True(check.Json.GetProperty("satisfied").GetBoolean());
        Assert.Equal(0, check.Json.GetProperty("bytes_to_download").GetInt64());
        Assert.Equal(baked.Json.GetProperty("digest").GetString(), check.Json.GetProperty("digest").GetString());
    }

    [Fact]
    public async Task Check_ImageWithAnotherVersion_Is4AndTellsWhy()
    {
        var model = Directory.CreateDirectory(At("model")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(model, "a"), TestBytes.Of(100), Cancellation);
        await File.WriteAllBytesAsync(Path.Combine(model, "b"), TestBytes.Of(200), Cancellation);
        (await RunAsync("bake", model, "-o", "image.tar", "--layout", "files", "--path", "/srv")).Done();
        await File.WriteAllBytesAsync(Path.Combine(model, "a"), TestBytes.Of(100, seed: 2), Cancellation);
        string[] command = ["bake", "--check", "image.tar", model, "--layout", "files", "--path", "/srv", "--refresh"];

        var text = (await RunAsync(command)).Ended(4);
        var json = (await RunAsync([.. command, "--json"])).Ended(4).Json;

        Assert.Contains("different  /srv/model/a has the digest", text.Output, StringComparison.Ordinal);
        Assert.Contains("100 B to download", text.Output, StringComparison.Ordinal);
        Assert.Equal(100, json.GetProperty("bytes_to_download").GetInt64());
        var finding = Assert.Single(json.GetProperty("models")[0].GetProperty("findings").EnumerateArray());
        Assert.Equal(
            ("/srv/model/a", "different"),
            (finding.GetProperty("path").GetString(), finding.GetProperty("fault").GetString())
        );
    }

    [Fact]
    public async Task Serve_OnABakedStoreWhoseOriginIsGone_PredictsAndDownloadsNothing()
    {
        Tool.SkipUnlessThere("skopeo", "umoci");
        var requests = 0;
        var isGone = false;
        await using var origin = new ScriptedHttpServer(async exchange =>
        {
            requests++;
            if (isGone)
                await exchange.AnswerAsync(503);
            else
                await exchange.AnswerAsync(200, ModelBytes(Prices), "ETag: \"v1\"");
        });
        var configuration = Serving("prices", origin.Url("/model.onnx"));
        (await RunAsync("bake", "prices", "--config", configuration, "-o", "image.tar")).Done();
        isGone = true;
        await UnpackAsync("image.tar");
        var before = requests;

        using (var server = await StartAsync(configuration, "LARDER_OFFLINE=1"))
            await AssertPredictsAsync(server);
        Assert.Equal(before, requests);

        // And where it is asked, and is down: what is baked answers, and nothing of the model is fetched.
        using (var server = await StartAsync(configuration))
            await AssertPredictsAsync(server);
        Assert.Empty(Directory.EnumerateFiles(At("upper/blobs"), "*", SearchOption.AllDirectories));
        var offline = (
            await RunAsync(
                ["pull", origin.Url("/model.onnx"), "--offline", "--json"],
                $"LARDER_STORE={At("upper")}",
                $"LARDER__STORE__LOWER={At("bundle/rootfs/opt/models")}"
            )
        ).Done();
        Assert.Equal(0, offline.Json.GetProperty("bytes_fetched").GetInt64());

        async Task AssertPredictsAsync(ServerProcess server)
        {
            var answer = await server.PredictAsync(
                "prices",
                await File.ReadAllTextAsync(Example(Prices), Cancellation)
            );
            Assert.True(answer.TryGetProperty("prediction", out var prediction), answer.ToString());
            Assert.Equal(403569, prediction.GetDouble(), 0.5);
            Assert.True(answer.GetProperty("from_cache").GetBoolean());
        }

        Task<ServerProcess> StartAsync(string file, params string[] environment) =>
            ServerProcess.StartAsync(
                Here,
                ["--config", file],
                [
                    $"LARDER_STORE={At("upper")}",
                    $"LARDER__STORE__LOWER={At("bundle/rootfs/opt/models")}",
                    .. environment,
                ]
            );
    }

    [Fact]
    public async Task Bake_OverAnImageThatUmociMade_IsReadByBoth()
    {
        Tool.SkipUnlessThere("skopeo", "umoci");
        var rootfs = Directory.CreateDirectory(At("add/etc")).FullName;
        await File.WriteAllTextAsync(Path.Combine(rootfs, "motd"), "hello", Cancellation);
        await File.WriteAllBytesAsync(At("large"), TestBytes.Of(20_000_000), Cancellation);
        await Tool.RunAsync(Here, "umoci", "init", "--layout", "layout");
        await Tool.RunAsync(Here, "umoci", "new", "--image", "layout:base");
        await Tool.RunAsync(Here, "umoci", "insert", "--rootless", "--image", "layout:base", "add/etc", "/etc");
        await Tool.RunAsync(
            Here,
            "umoci",
            "config",
            "--image",
            "layout:base",
            "--config.entrypoint",
            "/bin/app",
            "--config.env",
            "A=b",
            "--architecture",
            "arm64"
        );
        await Tool.RunAsync(
            Here,
            "skopeo",
            "copy",
            "--quiet",
            "--override-arch",
            "arm64",
            "oci:layout:base",
            "oci-archive:base.tar:base"
        );
        Directory.CreateDirectory(At("model"));
        File.Move(At("large"), At("model/weights.bin"));
        await File.WriteAllTextAsync(At("model/config.json"), "{}", Cancellation);

        var baked = (
            await RunAsync(
                "bake",
                At("model"),
                "--base",
                "base.tar",
                "-o",
                "image.tar",
                "--layout",
                "files",
                "--tag",
                "models:1",
                "--json"
            )
        ).Done();

        Assert.Equal(
            (3, 1),
            (baked.Json.GetProperty("layers").GetInt32(), baked.Json.GetProperty("base_layers").GetInt32())
        );
        var inspected = JsonNode.Parse(
            await Tool.RunAsync(Here, "skopeo", "inspect", "--override-arch", "arm64", "oci-archive:image.tar")
        )!;
        Assert.Equal(baked.Json.GetProperty("digest").GetString(), inspected["Digest"]!.GetValue<string>());
        Assert.Equal("arm64", inspected["Architecture"]!.GetValue<string>());
        Assert.Equal(3, inspected["Layers"]!.AsArray().Count);
        Assert.Equal("A=b", Assert.Single(inspected["Env"]!.AsArray())!.GetValue<string>());
        await Tool.RunAsync(
            Here,
            "skopeo",
            "copy",
            "--quiet",
            "--override-arch",
            "arm64",
            "oci-archive:image.tar",
            "dir:copied"
        );
        Assert.Equal(
            Digest(inspected["Layers"]!.AsArray()[1]!.GetValue<string>()),
            Path.GetFileName(Directory.GetFiles(At("copied")).Single(file => new FileInfo(file).Length > 20_000_000))
        );
        await UnpackAsync("image.tar", "arm64");
        Assert.Equal("hello", await File.ReadAllTextAsync(At("bundle/rootfs/etc/motd"), Cancellation));
        Assert.Equal(TestBytes.Of(20_000_000), await ReadAsync("bundle/rootfs/opt/models/model/weights.bin"));
        Assert.Contains(
            "/bin/app",
            await File.ReadAllTextAsync(At("bundle/config.json"), Cancellation),
            StringComparison.Ordinal
        );
        (await RunAsync("bake", "--check", "image.tar", At("model"), "--layout", "files")).Done();

        // What another tool does on top is seen too, in the layers that it packs with gzip.
        await Tool.RunAsync(
            Here,
            "umoci",
            "insert",
            "--rootless",
            "--image",
            "unpacked:image",
            "--whiteout",
            "/opt/models/model/weights.bin"
        );
        await Tool.RunAsync(
            Here,
            "skopeo",
            "copy",
            "--quiet",
            "--override-arch",
            "arm64",
            "oci:unpacked:image",
            "oci-archive:changed.tar:image"
        );
        var check = (await RunAsync("bake", "--check", "changed.tar", At("model"), "--layout", "files")).Ended(4);
        Assert.Contains("is in layer 2, and layer 4 removes it", check.Output, StringComparison.Ordinal);

        static string Digest(string name) => name.Split(':')[1];
    }

    [Fact]
    public async Task Bake_OverABakedImage_HidesTheOlderStoreAlsoFromUmoci()
    {
        Tool.SkipUnlessThere("skopeo", "umoci");
        (await RunAsync("bake", Sample(Prices), "-o", "first.tar")).Done();
        Directory.CreateDirectory(At("other"));
        await File.WriteAllTextAsync(At("other/a"), "b", Cancellation);

        (await RunAsync("bake", At("other"), "--base", "first.tar", "-o", "second.tar")).Done();
        await UnpackAsync("second.tar");

        Assert.Single(Directory.GetFileSystemEntries(At("bundle/rootfs/opt/models/baked")));
        Assert.Single(Directory.GetFileSystemEntries(At("bundle/rootfs/opt/models/snapshots")));
        (await RunAsync("bake", "--check", "second.tar", At("other"))).Done();
        (await RunAsync("bake", "--check", "second.tar", Sample(Prices))).Ended(4);
    }

    [Fact]
    public async Task Bake_ModelJson_LiesWherePracticusLooks()
    {
        Directory.CreateDirectory(At("bucket/cache/llama"));
        await File.WriteAllBytesAsync(At("bucket/cache/llama/weights"), TestBytes.Of(1000), Cancellation);
        Write("model.json", """{ /* ours */ "download_files_from": "cache/llama/", "score": 1, }""");
        string[] model = ["--model-json", "model.json", "--origin", At("bucket")];

        (await RunAsync(["bake", .. model, "-o", "image.tar"])).Done();
        var check = (await RunAsync(["bake", "--check", "image.tar", .. model])).Done();
        var elsewhere = (await RunAsync(["bake", "--check", "image.tar", .. model, "--path", "/elsewhere"])).Ended(4);

        Assert.Contains("nothing to download", check.Output, StringComparison.Ordinal);
        Assert.Contains("missing  /elsewhere/cache/llama/weights", elsewhere.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "either --output FILE.tar, or --check", "REF")]
    [InlineData(2, "either --output FILE.tar, or --check", "REF", "-o", "a.tar", "--check", "b.tar")]
    [InlineData(2, "are for an image that is written", "REF", "--check", "b.tar", "--base", "c.tar")]
    [InlineData(2, "'-o'", "REF", "-o")]
    [InlineData(2, "'--check'", "REF", "--check")]
    [InlineData(2, "Name the models", "-o", "a.tar")]
    [InlineData(2, "go together", "--model-json", "m.json", "-o", "a.tar")]
    [InlineData(2, "store and files are possible", "REF", "-o", "a.tar", "--layout", "tree")]
    [InlineData(2, "is not absolute", "REF", "-o", "a.tar", "--path", "models")]
    [InlineData(2, "is no platform", "REF", "-o", "a.tar", "--platform", "linux")]
    [InlineData(2, "is no variable", "REF", "-o", "a.tar", "--env", "A")]
    [InlineData(2, "one in the other", "a=REF", "a=REF", "-o", "a.tar", "--layout", "files")]
    [InlineData(2, "no model of the configuration", "prices", "-o", "a.tar")]
    [InlineData(1, "is not there", "REF", "--check", "nowhere.tar")]
    [InlineData(1, "is no tar", "REF", "-o", "a.tar", "--base", "text.tar")]
    [InlineData(3, "is not in the store", "./nothing", "--offline", "-o", "a.tar")]
    public async Task Bake_WhatCannotBe_IsExplained(int exitCode, string message, params string[] arguments)
    {
        Write("text.tar", "something that is no archive at all");

        var result = (
            await RunAsync([
                "bake",
                .. arguments.Select(argument => argument.Replace("REF", Sample(Prices), StringComparison.Ordinal)),
            ])
        ).Ended(exitCode);

        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(At("a.tar")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bake_KilledOrInterruptedInTheMiddle_LeavesNoHalfArchive(bool killed)
    {
        Directory.CreateDirectory(At("model"));
        Directory.CreateDirectory(At("out"));
        for (var file = 0; file < 6; file++)
            await File.WriteAllBytesAsync(
                At(string.Create(CultureInfo.InvariantCulture, $"model/{file}")),
                TestBytes.Of(40_000_000, file),
                Cancellation
            );
        (await RunAsync("pull", At("model"))).Done();
        string[] command = ["bake", At("model"), "-o", "out/image.tar"];
        using var process = CommandProcess.Start(Here, command, $"LARDER_STORE={StorePath}");
        while (
            !process.HasEnded
            && !Directory.EnumerateFiles(At("out")).Any(file => new FileInfo(file).Length > 10_000_000)
        )
            await Task.Yield();

        if (killed)
            await process.KillAsync();
        else
        {
            process.Interrupt();
            (await process.EndAsync()).Ended(130);
            Assert.Empty(Directory.GetFiles(At("out")));
        }
        Assert.False(File.Exists(At("out/image.tar")));

        (await RunAsync(command)).Done();
        Assert.Equal(At("out/image.tar"), Assert.Single(Directory.GetFiles(At("out"))));
        (await RunAsync("bake", "--check", "out/image.tar", At("model"))).Done();
    }

    // As an engine would, by way of skopeo.
    private async Task UnpackAsync(string archive, string architecture = "amd64")
    {
        await Tool.RunAsync(
            Here,
            "skopeo",
            "copy",
            "--quiet",
            "--override-arch",
            architecture,
            $"oci-archive:{archive}",
            "oci:unpacked:image"
        );
        await Tool.RunAsync(Here, "umoci", "unpack", "--rootless", "--image", "unpacked:image", "bundle");
    }

    private Task<byte[]> ReadAsync(string name) => File.ReadAllBytesAsync(At(name), Cancellation);
}
