using Larder.Ceph;

namespace Larder.IntegrationTests;

/// <summary><c>larder pull s3://…</c> from a real server, with what the environment and the file say of it.</summary>
[Trait("Category", "Integration")]
public sealed class PullS3Tests(S3Gateway gateway) : CommandTests, IAsyncLifetime
{
    private string _bucket = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await gateway.RunningAsync();
        _bucket = await gateway.NewBucketAsync();
        foreach (var path in Directory.EnumerateFiles(Sample(Prices)))
            await gateway.PutAsync(
                _bucket,
                $"models/prices v1/{Path.GetFileName(path)}",
                await File.ReadAllBytesAsync(path, Cancellation)
            );
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("models/prices%20v1/", 2)]
    [InlineData("models/prices v1", 2)]
    [InlineData("models/prices%20v1/model.onnx", 1)]
    public async Task Pull_WhatTheEnvironmentSays_FetchesAndThenAsksNobody(string key, int files)
    {
        var first = (await PullAsync(key)).Done();
        var second = (await PullAsync(key, "AWS_ENDPOINT_URL=http://127.0.0.1:1")).Done();

        var path = first.Json.GetProperty("path").GetString()!;
        Assert.Equal(ModelBytes(Prices), await File.ReadAllBytesAsync(Path.Join(path, "model.onnx"), Cancellation));
        Assert.Equal(
            (files, files, "miss"),
            (Number(first, "files"), Number(first, "files_fetched"), first.Json.GetProperty("outcome").GetString())
        );
        Assert.Equal((0, "hit"), (Number(second, "files_fetched"), second.Json.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Pull_WhatTheFileSays_WinsOverTheEnvironment()
    {
        var configuration = Write(
            "s3.json",
            $$"""{ "origins": { "s3": { "endpoint": "{{gateway.Url}}", "region": "eu-central-1", "path_style": true } } }"""
        );

        var result = await PullAsync(
            "models/prices%20v1/",
            "AWS_ENDPOINT_URL=http://127.0.0.1:1",
            $"LARDER_CONFIG={configuration}"
        );

        Assert.Equal(2, Number(result.Done(), "files_fetched"));
    }

    [Fact]
    public async Task Pull_ChangedThere_IsFetchedWhenAskedFor()
    {
        var first = (await PullAsync("models/prices%20v1/")).Done();
        await gateway.PutAsync(_bucket, "models/prices v1/model.onnx", ModelBytes("house-prices/v2"));

        var second = (await PullAsync(["models/prices%20v1/", "--refresh"])).Done();
        var third = (await PullAsync(["models/prices%20v1/", "--refresh"])).Done();

        Assert.Equal((1, 1), (Number(second, "files_fetched"), Number(second, "files_reused")));
        Assert.NotEqual(first.Json.GetProperty("digest").GetString(), second.Json.GetProperty("digest").GetString());
        Assert.Equal("revalidated", third.Json.GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData(1, "the secret key does not belong to the access key", "AWS_SECRET_ACCESS_KEY=larder-canary-wrong")]
    [InlineData(1, "the access key is not known there", "AWS_ACCESS_KEY_ID=larder-canary-wrong")]
    [InlineData(1, "no credentials could be had", "AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=")]
    [InlineData(1, "no credentials could be had", "AWS_ACCESS_KEY_ID=", "AWS_PROFILE=nobody")]
    [InlineData(1, "127.0.0.1:1/ does not answer: Connection refused", "AWS_ENDPOINT_URL_S3=http://127.0.0.1:1")]
    [InlineData(1, "is no address of a server", "AWS_ENDPOINT_URL=larder-canary")]
    [InlineData(1, "is no name of a region", "AWS_REGION=larder canary")]
    [InlineData(
        2,
        "origins.s3.endpoint has a user or password",
        "LARDER__ORIGINS__S3__ENDPOINT=http://larder-canary@host"
    )]
    public async Task Pull_WrongSettings_AreExplainedAndNoSecretIsTold(
        int exitCode,
        string message,
        params string[] environment
    )
    {
        var result = (await PullAsync(["models/prices%20v1/", "--verbose"], environment)).Ended(exitCode);

        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("larder-canary", result.Error + result.Output, StringComparison.Ordinal);
        Assert.Empty((await RunAsync("list", "--json")).Json.GetProperty("entries").EnumerateArray());
    }

    [Theory]
    [InlineData("no-such-bucket/models/", "There is no bucket 'no-such-bucket'")]
    [InlineData("{0}/no-such-model/", "There are no objects below 'no-such-model/'")]
    [InlineData("{0}/no-such-model", "There is no object 'no-such-model'")]
    [InlineData("{0}/models/prices%20v1/model.onnx?versionId=no-such-version", "There is nothing at")]
    public async Task Pull_NotThere_Is3(string path, string message)
    {
        var reference = path.Replace("{0}", _bucket, StringComparison.Ordinal);

        var result = (await RunAsync(["pull", $"s3://{reference}"], [.. Environment()])).Ended(3);

        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_NothingToAskOfS3_DoesNotLoadTheSdk()
    {
        (await PullAsync("models/prices%20v1/")).Done();
        var program = WithoutTheSdk();

        var directory = await RunProgramAsync(program, Sample(Prices));
        var hit = await RunProgramAsync(program, $"s3://{_bucket}/models/prices%20v1/");
        var miss = await RunProgramAsync(program, $"s3://{_bucket}/models/");

        Assert.Equal("miss", directory.Done().Json.GetProperty("outcome").GetString());
        Assert.Equal("hit", hit.Done().Json.GetProperty("outcome").GetString());
        // So that the first two prove something.
        Assert.Contains("AWSSDK", miss.Ended(1).Error, StringComparison.Ordinal);
    }

    private static int Number(CommandResult result, string name) => result.Json.GetProperty(name).GetInt32();

    // The command with files for the SDK that cannot be loaded.
    private string WithoutTheSdk()
    {
        var built = Path.GetDirectoryName(CommandProcess.ExecutablePath())!;
        var copy = Directory.CreateDirectory(At("without-sdk")).FullName;
        foreach (var path in Directory.EnumerateFiles(built))
        {
            var name = Path.GetFileName(path);
            if (name.StartsWith("AWSSDK.", StringComparison.Ordinal))
                File.WriteAllText(Path.Join(copy, name), "no library");
            else if (name.StartsWith("larder", StringComparison.OrdinalIgnoreCase))
                File.Copy(path, Path.Join(copy, name)); // it looks for the others beside itself, and not beside a link to it
            else
                File.CreateSymbolicLink(Path.Join(copy, name), path);
        }
        return Path.Join(copy, "larder");
    }

    private async Task<CommandResult> RunProgramAsync(string program, string reference)
    {
        using var process = CommandProcess.StartProgram(program, Here, ["pull", reference, "--json"], Environment());
        return await process.EndAsync();
    }

    private Task<CommandResult> PullAsync(string key, params string[] environment) => PullAsync([key], environment);

    private Task<CommandResult> PullAsync(string[] arguments, params string[] environment) =>
        RunAsync(
            ["pull", $"s3://{_bucket}/{arguments[0]}", "--json", .. arguments[1..]],
            [.. Environment(), .. environment]
        );

    // Nothing of it from whoever runs the tests, and no question to a cloud's own address.
    private IEnumerable<string> Environment() =>
        [
            $"LARDER_STORE={StorePath}",
            $"HOME={Here}",
            "AWS_EC2_METADATA_DISABLED=true",
            $"AWS_ENDPOINT_URL={gateway.Url}",
            $"AWS_ACCESS_KEY_ID={S3Gateway.AccessKey}",
            $"AWS_SECRET_ACCESS_KEY={S3Gateway.SecretKey}",
        ];
}
