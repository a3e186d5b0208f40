using System.Runtime.Versioning;

namespace Larder.IntegrationTests;

[Trait("Category", "Integration")]
[SupportedOSPlatform("linux")]
public sealed class VerifyCommandTests : CommandTests
{
    [Fact]
    public async Task Verify_AllIsWell_Is0()
    {
        await RunAsync("pull", Sample(Prices));

        var text = (await RunAsync("verify")).Done();
        var json = (await RunAsync("verify", Sample(Prices), "--json")).Done();

        Assert.Contains("0 damaged", text.Output, StringComparison.Ordinal);
        Assert.Equal(
            [
                "checked",
                "damaged",
                "repaired",
                "quarantined",
                "unreadable",
                "transient_errors",
                "bytes_read",
                "seconds",
                "findings",
            ],
            json.Names
        );
        // Two files, their manifest, the entry and the snapshot.
        Assert.Equal(5, json.Json.GetProperty("checked").GetInt32());
    }

    [Fact]
    public async Task Verify_DamagedBlob_Is4AndNamesIt()
    {
        await RunAsync("pull", Sample(Prices));
        var blob = Damage();

        var json = (await RunAsync("verify", "--json")).Ended(4);

        Assert.Equal((1, 0, 1), Counts(json));
        var finding = json.Json.GetProperty("findings")[0];
        Assert.Equal(
            ("blob", "damaged", blob),
            (
                finding.GetProperty("subject").GetString(),
                finding.GetProperty("fault").GetString(),
                finding.GetProperty("path").GetString()
            )
        );
        Assert.True(File.Exists(finding.GetProperty("quarantine_path").GetString()));
        Assert.Equal($"file://{Sample(Prices).TrimEnd('/')}", finding.GetProperty("references")[0].GetString());
        Assert.Equal(1, finding.GetProperty("damaged_ranges").GetArrayLength());
    }

    [Fact]
    public async Task Verify_DamagedAndNotRepaired_SaysWhatToDo()
    {
        await RunAsync("pull", Sample(Prices));
        Damage();

        var text = (await RunAsync("verify")).Ended(4);

        Assert.Contains("'larder verify --repair'", text.Error, StringComparison.Ordinal);
        Assert.Contains("needed by file://", text.Output, StringComparison.Ordinal);
        Assert.Contains("1 damaged, 0 repaired, 1 quarantined", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_Repair_Is0AndAllIsWellAfterwards()
    {
        await RunAsync("pull", Sample(Prices));
        Damage();

        var repaired = (await RunAsync("verify", Sample(Prices), "--repair", "--json")).Done();
        var again = (await RunAsync("verify", "--json")).Done();

        Assert.Equal((1, 1, 1), Counts(repaired));
        Assert.Equal((0, 0, 0), Counts(again));
    }

    [Theory]
    [InlineData("LARDER_OFFLINE=0", "There is nothing at")]
    [InlineData("LARDER_OFFLINE=1", "the network may not be used")]
    public async Task Verify_RepairAndTheOriginCannotBeAsked_Is4AndSaysWhatToDo(string offline, string reason)
    {
        var model = At("model");
        Directory.CreateDirectory(model);
        await File.WriteAllBytesAsync(
            Path.Combine(model, "model.onnx"),
            ModelBytes(Prices),
            TestContext.Current.CancellationToken
        );
        await RunAsync("pull", model);
        Damage();
        if (offline.EndsWith('0'))
            Directory.Delete(model, recursive: true);

        var text = (await RunAsync(["verify", "--repair"], $"LARDER_STORE={StorePath}", offline)).Ended(4);

        Assert.Contains("could not be repaired", text.Output, StringComparison.Ordinal);
        Assert.Contains(reason, text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_NotStored_Is3()
    {
        var result = (await RunAsync("verify", Sample(Prices), "--json")).Ended(3);

        Assert.Contains("'larder list' shows what is", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_BadReference_Is2() => (await RunAsync("verify", "no-reference")).Ended(2);

    private static (int Damaged, int Repaired, int Quarantined) Counts(CommandResult result) =>
        (
            result.Json.GetProperty("damaged").GetInt32(),
            result.Json.GetProperty("repaired").GetInt32(),
            result.Json.GetProperty("quarantined").GetInt32()
        );

    /// <summary>Flips a bit of a blob and leaves no trace in its size and time; returns its path.</summary>
    private string Damage()
    {
        var blob = Directory
            .EnumerateFiles(Path.Combine(StorePath, "blobs"), "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .First();
        var time = File.GetLastWriteTimeUtc(blob);
        File.SetUnixFileMode(blob, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var bytes = File.ReadAllBytes(blob);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(blob, bytes);
        File.SetUnixFileMode(blob, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.SetLastWriteTimeUtc(blob, time);
        return blob;
    }
}
