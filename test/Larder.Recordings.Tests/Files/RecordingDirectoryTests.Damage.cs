using System.Diagnostics;
using Larder.Recordings.Files;

namespace Larder.Recordings.Tests.Files;

public sealed partial class RecordingDirectoryTests
{
    [Fact]
    public void Find_EmptyFile_SaysSo()
    {
        Write("4");
        File.WriteAllText(File_, "");

        AssertDamaged("it is empty", "SAVE_DEPLOYMENT_CACHE=true");
    }

    [Fact]
    public void Find_CutAnywhere_IsDamagedAndNeverAnAnswer()
    {
        Write("4");
        var whole = File.ReadAllBytes(File_);
        // All but the line end.
        for (var length = 0; length < whole.Length - 1; length++)
        {
            File.WriteAllBytes(File_, whole[..length]);
            var damaged = Assert.Throws<RecordingDamagedException>(() => _directory.Find(Request));
            Assert.Contains(length == 0 ? "empty" : "cut short", damaged.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Find_OfANewerFormat_SaysWhichAndWhatToDo()
    {
        Write("4");
        Edit(text => text.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal));

        AssertDamaged("it is of format 2", "reads format 1", "newer version of Larder");
    }

    [Fact]
    public void Find_RequestEditedByHand_SaysWhereAndBothValues()
    {
        Write("4");
        Edit(text => text.Replace("2+2", "9*9", StringComparison.Ordinal));

        AssertDamaged(
            "its request was edited",
            "$.arguments.prompt is \"What is 9*9?\" and was \"What is 2+2?\"",
            "Undo the edit"
        );
    }

    [Fact]
    public void Find_RecordingOfAnotherKeyUnderThisName_SaysBothKeys()
    {
        Write("4");
        var other = Samples.Asking("What is 9*9?");
        File.Copy(File_, RecordingLayout.FileOf(_directory.Path, other));

        var damaged = Assert.Throws<RecordingDamagedException>(() => _directory.Find(other));

        Assert.Contains(KeyOf(Request).ToString(), damaged.Message, StringComparison.Ordinal);
        Assert.Contains(KeyOf(other).ToString(), damaged.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 1, \"format\": 1", "format")]
    [InlineData("\"value\": \"4\"", "\"value\": {\"a\": 1, \"a\": 2}", "'a'")]
    [InlineData("\"format\": 1,", "", "the member 'format' is missing")]
    [InlineData("\"format\": 1", "\"format\": 0", "the member 'format' is 0")]
    [InlineData("\"format\": 1", "\"format\": \"1\"", "the member 'format' is \"1\"")]
    [InlineData("\"format\": 1", "\"format\": 1, \"fomat\": 2", "'fomat'")]
    [InlineData("\"key\": \"", "\"key\": \"x", "the member 'key' is no digest")]
    [InlineData("\"key\": \"", "\"clef\": \"", "'clef'")]
    [InlineData("\"request\":", "\"answers\":", "'answers'")]
    [InlineData("\"answer\": {", "\"error\": {", "")]
    [InlineData("\"type\": \"System.String\",", "", "'answer.type' is missing")]
    [InlineData("\"type\": \"System.String\"", "\"type\": 5", "the member 'type' is 5")]
    [InlineData("\"type\": \"System.String\"", "\"type\": \"void\"", "it answers nothing, and has a value")]
    [InlineData(",\n    \"value\": \"4\"", "", "'answer.value' is missing")]
    [InlineData(
        "\"answer\": {",
        "\"stream\": {\"type\": \"x\", \"items\": [], \"end\": \"complete\"}, \"answer\": {",
        "both an answer and a stream"
    )]
    [InlineData("\"answer\": {", "\"error\": {}, \"answer\": {", "both an answer and an error")]
    [InlineData("\"version\": 1", "\"version\": 1e999", "its request is none")]
    public void Find_NotAsTheFormatSays_SaysWhat(string old, string changed, string problem)
    {
        Write("4");
        Edit(text => text.Replace(old, changed, StringComparison.Ordinal));

        // An error in place of an answer is one that the reader of errors must judge.
        if (problem.Length == 0)
            Assert.NotNull(_directory.Find(Request)!.Outcome.Error);
        else
            AssertDamaged(problem);
    }

    [Theory]
    [InlineData("\"items\":", "\"itms\":", "'itms'")]
    [InlineData("12]", "12, 13]", "has 2 items and tells 3 times")]
    [InlineData("12]", "-12]", "the member 'milliseconds' is -12")]
    [InlineData("12]", "1e999]", "the member 'milliseconds' is 1e999")]
    [InlineData("\"end\": \"complete\"", "\"end\": \"left\"", "neither 'complete' nor 'error'")]
    [InlineData("\"end\": \"complete\"", "\"end\": \"error\"", "the member 'error' is missing")]
    [InlineData(",\n    \"end\": \"complete\"", "", "'stream.end' is missing")]
    [InlineData("\"stream\":", "\"error\": {}, \"stream\":", "came to its end, and has an error")]
    [InlineData("\"stream\":", "\"error\": 1, \"stream\":", "the member 'error' is 1")]
    public void Find_StreamNotAsTheFormatSays_SaysWhat(string old, string changed, string problem)
    {
        var stream = new RecordedOutcome("System.Int32")
        {
            Items = [Samples.Json("1"), Samples.Json("2")],
            Milliseconds = [0.5, 12],
        };
        _directory.Write(Request, stream, [], replace: true);
        Edit(text => text.Replace(old, changed, StringComparison.Ordinal));

        AssertDamaged(problem);
    }

    [Theory]
    [InlineData("[]", "the document is [] and not an object")]
    [InlineData("null", "the document is null and not an object")]
    [InlineData("{} {}", "it was cut short, or is no JSON")]
    [InlineData("{\"format\": 1, /* no */ }", "it was cut short, or is no JSON")]
    [InlineData("{\"format\": \"\\ud800\"}", "the member 'format'")]
    [InlineData("{\"\\ud800\": 1}", "half of a surrogate pair")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "git lfs pull")]
    [InlineData("{\n<<<<<<< HEAD\n  \"format\": 1\n=======\n>>>>>>> main\n}\n", "a merge has left its marks")]
    public void Find_AnythingElse_SaysWhat(string content, string problem)
    {
        Write("4");
        File.WriteAllText(File_, content);

        AssertDamaged(problem);
    }

    [Theory]
    [InlineData("2+2", "\\ud800", "not Unicode text")]
    [InlineData("prompt", "\\ud800", "surrogate")]
    public void Find_HalfOfASurrogatePairInTheRequest_SaysSo(string old, string changed, string problem)
    {
        Write("4");
        Edit(text => text.Replace(old, changed, StringComparison.Ordinal));

        AssertDamaged(problem);
    }

    [Fact]
    public void Find_SavedInAnotherEncoding_SaysSo()
    {
        var request = Samples.Asking("Größe");
        var file = _directory.Write(request, Samples.Answer("4"), [], replace: true);
        File.WriteAllText(file, File.ReadAllText(file), System.Text.Encoding.Latin1);

        var damaged = Assert.Throws<RecordingDamagedException>(() => _directory.Find(request));

        Assert.Contains("it is not in UTF-8", damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_NestedTooDeep_SaysSo()
    {
        Write("4");
        Edit(text =>
            text.Replace("\"4\"", new string('[', 20_000) + new string(']', 20_000), StringComparison.Ordinal)
        );

        AssertDamaged("no recording is like that", "128");
    }

    [Fact]
    public void Find_TooLarge_SaysTheSizeAndTheLimit()
    {
        Write("4");
        using (var file = File.OpenWrite(File_))
            file.SetLength(FileBytes.MostDocumentBytes + 1L); // Sparse: it takes no room.

        AssertDamaged("it has 268435457 bytes, and at most 268435456 are read");
    }

    [Fact]
    public void Find_DirectoryInItsPlace_SaysSo()
    {
        Directory.CreateDirectory(File_);

        AssertDamaged("it is a directory");
    }

    [Fact]
    public void Find_PipeInItsPlace_SaysSoAndDoesNotWait()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File_)!);
        using (var make = Process.Start("mkfifo", [File_]))
            make.WaitForExit();

        AssertDamaged("it is neither a file nor a directory");
    }

    [Fact]
    public void Find_LinkInPlaceOfTheFile_IsRefused()
    {
        Write("4");
        File.Copy(File_, _temp["elsewhere.json"]);
        File.Delete(File_);
        File.CreateSymbolicLink(File_, _temp["elsewhere.json"]);

        AssertDamaged("it is a symbolic link");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Find_LinkInPlaceOfAFolder_IsRefusedAndNotWrittenThrough(int levels)
    {
        Write("4");
        var folder = levels == 1 ? Path.GetDirectoryName(File_)! : Path.GetDirectoryName(Path.GetDirectoryName(File_))!;
        var elsewhere = _temp["elsewhere"];
        Directory.CreateDirectory(elsewhere);
        using (var copy = Process.Start("cp", ["-r", $"{folder}/.", elsewhere]))
            copy.WaitForExit();
        Directory.Delete(folder, recursive: true);
        Directory.CreateSymbolicLink(folder, elsewhere);
        var before = Directory.GetFiles(elsewhere, "*", SearchOption.AllDirectories);

        AssertDamaged("it is a symbolic link", folder);
        Assert.Throws<RecordingDamagedException>(() => Write("5"));
        Assert.Equal(before, Directory.GetFiles(elsewhere, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Find_TheDirectoryItselfIsALink_IsFollowed()
    {
        Write("4");
        Directory.CreateSymbolicLink(_temp["link"], _directory.Path);

        Assert.NotNull(new RecordingDirectory(_temp["link"]).Find(Request));
    }

    [Fact]
    public void Find_RandomDamage_IsDamageOrTheVeryAnswer()
    {
        const int seed = 20261122;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        Write("4");
        var whole = File.ReadAllBytes(File_);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = whole.ToArray();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(File_, bytes);
            try
            {
                // What is left is a changed answer, which nothing tells from an edit that was meant, and another form of the same.
                Assert.Equal("System.String".Length, _directory.Find(Request)!.Outcome.Type.Length);
            }
            catch (RecordingDamagedException damaged)
            {
                Assert.Equal(File_, damaged.File);
            }
        }
    }

    private void AssertDamaged(params string[] parts)
    {
        var damaged = Assert.Throws<RecordingDamagedException>(() => _directory.Find(Request));
        foreach (var part in parts)
            Assert.Contains(part, damaged.Message, StringComparison.Ordinal);
        Assert.StartsWith(_directory.Path, damaged.File, StringComparison.Ordinal);
        Assert.Contains(damaged.File, damaged.Message, StringComparison.Ordinal);
    }
}
