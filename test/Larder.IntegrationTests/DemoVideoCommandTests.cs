using System.Buffers.Binary;
using System.Text.Json;
using Larder.TestKit;
using ModelGenerator.Video;

namespace Larder.IntegrationTests;

[Trait("Category", "Integration")]
public sealed class DemoVideoCommandTests : CommandTests
{
    private const string RedSquare = "a red square moving right";

    private static string VideoModels => Sample("video");

    [Fact]
    public async Task Video_Prompt_WritesItsClipAndAStrip()
    {
        (await VideoAsync("a blue triangle moving up", "--seed", "7", "--scale", "2")).Done();

        var clip = new PngFile(await ReadAsync("out.png"));
        var pictures = clip.Pictures();
        Assert.Equal((17, 128, 128), (pictures.Count, clip.Width, clip.Height));
        // A picture for an eighth of a second.
        Assert.All(
            clip.Parts.Where(part => part.Name == "fcTL"),
            part =>
                Assert.Equal(
                    (1, 8),
                    (
                        BinaryPrimitives.ReadInt16BigEndian(part.Bytes.AsSpan(20)),
                        BinaryPrimitives.ReadInt16BigEndian(part.Bytes.AsSpan(22))
                    )
                )
        );
        Assert.Equal("a blue triangle moving up", ClipReading.Of(ClipOf(pictures, 2), 64)?.Clip.Prompt);
        var strip = new PngFile(await ReadAsync("out-strip.png"));
        Assert.Equal((5 * 128 + 4 * 2, 128), (strip.Width, strip.Height));
        var row = Assert.Single(strip.Pictures());
        foreach (var (place, frame) in new[] { 0, 4, 8, 12, 16 }.Index())
        {
            for (var y = 0; y < 128; y++)
                Assert.Equal(
                    pictures[frame].AsSpan(3 * 128 * y, 3 * 128),
                    row.AsSpan(3 * (strip.Width * y + place * 130), 3 * 128)
                );
        }
        Assert.Equal(["out-strip.png", "out.png", "store"], Names());
    }

    [Fact]
    public async Task Video_NoArguments_HasDefaults()
    {
        var result = (await RunAsync("demo", "video")).Done();

        Assert.Contains(
            "t2v_two_stages, seed 10; the words that count: red, square, right.",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("17 pictures of 256×256, 8 in a second", result.Output, StringComparison.Ordinal);
        Assert.Equal(["store", "video-strip.png", "video.png"], Names());
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Video_TwiceInOneProcess_IsFromMemoryTheSecondTime()
    {
        var result = (await VideoAsync(RedSquare)).Done();

        Assert.Matches(@"files +origin, [0-9.]+ m?s +memory *\n", result.Output);
        Assert.Matches(@"denoiser +the models' own +memory *\n", result.Output);
        Assert.Matches(@"models +loaded, [0-9.]+ m?s +memory *\n", result.Output);
        Assert.Matches(@"graph +built +memory *\n", result.Output);
        Assert.Matches(@"denoise_stage1 +15 +[0-9.]+ m?s +[0-9.]+ m?s *\n", result.Output);
        Assert.Matches(@"denoise_stage2 +10 +[0-9.]+ m?s +[0-9.]+ m?s *\n", result.Output);
    }

    [Fact]
    public async Task Video_AnotherProcess_TakesFilesAndDenoiserFromTheStore()
    {
        string[] arguments = ["a red circle", "--preset", "ic_lora_quantized", "--lora", "purple=0.5", "--json"];

        var first = (await VideoAsync(arguments)).Done().Json.GetProperty("runs")[0];
        var later = (await VideoAsync(arguments)).Done().Json.GetProperty("runs")[0];

        Assert.Equal("origin", Text(first, "files"));
        Assert.Equal([("loras", "made"), ("int8", "made")], PassesOf(first));
        Assert.Equal("store", Text(later, "files"));
        // Who has the last one's answer needs no other.
        Assert.Equal([("loras", "store"), ("int8", "store")], PassesOf(later));
        Assert.Equal(("loaded", "built"), (Text(later, "models"), Text(later, "graph")));
    }

    [Fact]
    public async Task Video_TeamsStore_HasTheDenoiser()
    {
        var team = Write("team.json", $$$"""{"shared": {"url": "{{{new Uri(At("team")).AbsoluteUri}}}"}}""");
        string[] arguments = [RedSquare, "--preset", "t2v_one_stage_quantized", "--json", "--config", team, "--store"];
        (await VideoAsync([.. arguments, At("one")])).Done();

        var run = (await VideoAsync([.. arguments, At("other")])).Done().Json.GetProperty("runs")[0];

        Assert.Equal([("int8", "team")], PassesOf(run));
        Assert.Equal("variant", Text(run, "denoiser"));
    }

    [Fact]
    public async Task Video_Json_HasEveryNodeAndTime()
    {
        var result = (await VideoAsync("moving left", "--preset", "t2v_one_stage_adaptive", "--json")).Done();

        Assert.Equal(
            [
                "prompt",
                "negative_prompt",
                "words",
                "preset",
                "seed",
                "models",
                "digest",
                "output",
                "strip",
                "frames",
                "width",
                "height",
                "frames_per_second",
                "runs",
            ],
            result.Names
        );
        Assert.Equal([At("out.png"), At("out-strip.png")], [Text(result.Json, "output"), Text(result.Json, "strip")]);
        Assert.Equal(["left"], result.Json.GetProperty("words").EnumerateArray().Select(word => word.GetString()));
        var second = result.Json.GetProperty("runs")[1];
        Assert.All(["files", "denoiser", "models", "graph"], part => Assert.Equal("memory", Text(second, part)));
        var nodes = second.GetProperty("nodes").EnumerateArray().ToList();
        Assert.Equal(["encode", "noise", "denoise", "decode", "cleanup"], nodes.Select(node => Text(node, "name")));
        // It stops when the clip hardly changes any more.
        Assert.Equal(30, nodes[2].GetProperty("planned_steps").GetInt32());
        Assert.InRange(nodes[2].GetProperty("steps").GetInt32(), 15, 29);
        var seconds = second.GetProperty("seconds");
        Assert.All(["files", "denoiser", "load"], part => Assert.Equal(0, seconds.GetProperty(part).GetDouble()));
        Assert.InRange(
            seconds.GetProperty("run").GetDouble(),
            nodes.Max(node => node.GetProperty("seconds").GetDouble()),
            60
        );
    }

    [Fact]
    public async Task Video_SameSeed_GivesTheSameBytesAndAnotherSeedOthers()
    {
        (await VideoAsync(RedSquare, "--seed", "1", "-o", "a.png")).Done();
        (await VideoAsync(RedSquare, "--seed", "1", "-o", "b.png")).Done();
        (await VideoAsync(RedSquare, "--seed", "2", "-o", "c.png")).Done();

        Assert.Equal(await ReadAsync("a.png"), await ReadAsync("b.png"));
        Assert.Equal(await ReadAsync("a-strip.png"), await ReadAsync("b-strip.png"));
        Assert.NotEqual(await ReadAsync("a.png"), await ReadAsync("c.png"));
    }

    [Fact]
    public async Task Video_Keyframe_HoldsTheClipToThePictureOfAnotherClip()
    {
        (await VideoAsync("a yellow circle moving down", "-o", "start.png")).Done();

        (await VideoAsync("moving left", "--preset", "keyframe_interpolation", "--keyframe", "0=start.png")).Done();

        var seen = ClipReading.Of(ClipOf(new PngFile(await ReadAsync("out.png")).Pictures(), 4), 64);
        Assert.Equal("a yellow circle moving left", seen?.Clip.Prompt);
    }

    [Fact]
    public async Task Video_NegativePromptAndOptions_Count()
    {
        (await VideoAsync("a square moving right", "--seed", "5", "-o", "any.png")).Done();
        var any = ClipReading.Of(ClipOf(new PngFile(await ReadAsync("any.png")).Pictures(), 4), 64)!.Clip;

        (
            await VideoAsync([
                "a square moving right",
                "--seed",
                "5",
                "--negative",
                any.Prompt.Split(' ')[1],
                "--option",
                "stage2_schedule=distilled_stage2",
            ])
        ).Done();

        var other = ClipReading.Of(ClipOf(new PngFile(await ReadAsync("out.png")).Pictures(), 4), 64)!.Clip;
        Assert.NotEqual(any.Colour, other.Colour);
        Assert.Equal(any.Shape, other.Shape);
    }

    [Fact]
    public async Task Video_ModelsByReference_AreThoseBesideTheCommand()
    {
        var own = (await VideoAsync(RedSquare, "--json")).Done().Json;
        var named = (await VideoAsync(RedSquare, "--json", "--models", VideoModels, "-o", "b.png")).Done().Json;

        Assert.Equal(Text(own, "digest"), Text(named, "digest"));
        Assert.Equal(await ReadAsync("out.png"), await ReadAsync("b.png"));
    }

    [Fact]
    public async Task Video_Offline_NeedsOnlyModelsThatAreElsewhereToBeStored()
    {
        string[] offline = [$"LARDER_STORE={StorePath}", "LARDER_OFFLINE=1"];
        string[] arguments = ["demo", "video", "--output", At("out.png")];

        (await RunAsync([.. arguments, "--models", VideoModels], offline)).Ended(3);
        (await RunAsync(arguments, offline)).Done();
    }

    [Theory]
    [InlineData("Did you mean 't2v_one_stage'?", "--preset", "t2v_one_stag")]
    [InlineData(
        "has no word that the models know, so it would count for nothing. They know: red, crimson,",
        "a purple cow"
    )]
    [InlineData("The negative prompt 'cow'", "red", "--negative", "cow")]
    [InlineData("Did you mean 'steps'?", "--option", "stepps=3")]
    [InlineData("steps: It is 0; it can be 1 to 1000.", "--steps", "0")]
    [InlineData("steps: It is 'many'; it can be 1 to 1000.", "--steps", "many")]
    [InlineData("frames: It is 16: a clip has a multiple of 4 pictures and one more", "--option", "frames=16")]
    [InlineData("The option 'steps' is given twice.", "--steps", "3", "--option", "steps=4")]
    [InlineData("give NAME=VALUE", "--option", "steps")]
    [InlineData("--seed is '1.5': it can be a whole number", "--seed", "1.5")]
    [InlineData("loras: The preset has no such option.", "--lora", "purple")]
    [InlineData("one of the sample models: diamond, distilled, purple.", "--preset", "ic_lora", "--lora", "purpel")]
    [InlineData("takes no keyframes. These do: keyframe_interpolation,", "--keyframe", "0=a.png")]
    [InlineData("give at least one, such as --keyframe 0=start.png", "--preset", "keyframe_interpolation")]
    [InlineData("give FRAME=PICTURE", "--preset", "keyframe_interpolation", "--keyframe", "a.png")]
    [InlineData("The picture 'a.png' cannot be read", "--preset", "keyframe_interpolation", "--keyframe", "0=a.png")]
    [InlineData(
        "The picture 'text.png' cannot be read: It is no PNG file.",
        "--preset",
        "keyframe_interpolation",
        "--keyframe",
        "0=text.png"
    )]
    [InlineData("it ends in .png", "--output", "a.jpg")]
    [InlineData("its directory is not there", "--output", "none/a.png")]
    [InlineData("that is a directory", "--output", "folder.png")]
    [InlineData("--scale is '0'", "--scale", "0")]
    [InlineData("--scale is 513: pictures of 64×64 can be 512 times as large at most", "--scale", "513")]
    [InlineData("Unrecognized command or argument 'square'", "red", "square")]
    public async Task Video_WrongUsage_SaysWhatToDoAndWritesNothing(string message, params string[] arguments)
    {
        Directory.CreateDirectory(At("folder.png"));
        Write("text.png", "text");

        var result = (await RunAsync(["demo", "video", .. arguments])).Ended(2);

        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.Empty(Names().Except(["folder.png", "store", "text.png"]));
    }

    [Fact]
    public async Task Video_ModelsThatAreNotThere_Is3()
    {
        var result = (await VideoAsync("red", "--models", "file:///nowhere/")).Ended(3);

        Assert.Contains("/nowhere", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Video_ModelsOfAnotherKind_AreRefused()
    {
        var result = (await VideoAsync("red", "--models", Sample("sentiment"))).Ended(2);

        Assert.Contains("model.json", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Video_LoraThatIsNone_Is1()
    {
        var result = (
            await VideoAsync("red", "--preset", "ic_lora", "--lora", Write("a.safetensors", "no LoRA at all"))
        ).Ended(1);

        Assert.Contains("a.safetensors", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Video_NoRuntime_Is1()
    {
        var result = (
            await RunAsync(
                ["demo", "video", "-o", At("out.png")],
                $"LARDER_STORE={StorePath}",
                "LARDER_ONNXRUNTIME=/nowhere/libonnxruntime.so"
            )
        ).Ended(1);

        Assert.Contains("/nowhere/libonnxruntime.so", result.Error, StringComparison.Ordinal);
        Assert.Equal(["store"], Names());
    }

    [Fact]
    public async Task Video_LongRunOnATerminal_ShowsNodesAndSteps()
    {
        using var terminal = CommandProcess.StartProgram(
            "script",
            Here,
            [
                "--quiet",
                "--return",
                "--command",
                $"stty cols 100 rows 30; exec '{CommandProcess.ExecutablePath()}' demo video --preset t2v_two_stages --steps 1000 --option stage2_steps=1000",
                "/dev/null",
            ],
            $"LARDER_STORE={StorePath}",
            "TERM=xterm-256color"
        );

        var line = await terminal.ReadOutputToAsync(" of 1000 steps");
        var result = (await terminal.EndAsync()).Done();

        Assert.Contains("denoise", line, StringComparison.Ordinal);
        Assert.Contains("video-strip.png: 5 of them beside each other", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Video_Interrupted_LeavesNoFile()
    {
        using var process = CommandProcess.Start(
            Here,
            ["demo", "video", "--preset", "t2v_one_stage_quantized", "--steps", "1000"],
            $"LARDER_STORE={StorePath}"
        );
        // A thousand steps are still to come.
        await process.ReadErrorToAsync("int8: running");

        process.Interrupt();

        (await process.EndAsync()).Ended(130);

        Assert.Equal(["store"], Names());
    }

    private Task<CommandResult> VideoAsync(params string[] arguments) =>
        RunAsync(["demo", "video", .. arguments, .. arguments.Contains("-o") ? (string[])[] : ["--output", "out.png"]]);

    private Task<byte[]> ReadAsync(string name) =>
        File.ReadAllBytesAsync(At(name), TestContext.Current.CancellationToken);

    private IEnumerable<string?> Names() =>
        Directory.EnumerateFileSystemEntries(Here).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    /// <summary>What the models would have given: the values in the order [plane, frame, y, x], from -1 to 1.</summary>
    private static float[] ClipOf(IReadOnlyList<byte[]> pictures, int scale)
    {
        const int Side = Clip.FullSize;
        var values = new float[3 * pictures.Count * Side * Side];
        for (var plane = 0; plane < 3; plane++)
        for (var frame = 0; frame < pictures.Count; frame++)
        for (var y = 0; y < Side; y++)
        for (var x = 0; x < Side; x++)
            values[((plane * pictures.Count + frame) * Side + y) * Side + x] =
                pictures[frame][3 * (y * scale * Side * scale + x * scale) + plane] / 127.5f - 1;
        return values;
    }

    private static IEnumerable<(string, string)> PassesOf(JsonElement run) =>
        run.GetProperty("passes").EnumerateArray().Select(pass => (Text(pass, "name"), Text(pass, "source")));

    private static string Text(JsonElement json, string member) => json.GetProperty(member).GetString()!;
}
