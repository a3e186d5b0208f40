using Larder.Recordings.Files;
using Larder.TestKit;

namespace Larder.Recordings.Tests.Files;

public sealed partial class RecordingDirectoryTests
{
    [Fact]
    public void Write_Answer_IsThisDocument()
    {
        var request = Samples.Request(
            new() { ["vector"] = new System.Text.Json.Nodes.JsonArray(1, 2.5), ["prompt"] = "Größe 😀 <b>" },
            configuration: new() { ["seed"] = 7 }
        );

        var file = _directory.Write(
            request,
            Samples.Answer("Shop.Price", """{"amount":3.50,"notes":[],"parts":["a","b"],"of":{}}"""),
            [],
            replace: true
        );

        Assert.Equal(
            $$"""
            {
              "format": 1,
              "key": "{{KeyOf(request)}}",
              "request": {
                "arguments": {
                  "prompt": "Größe 😀 <b>",
                  "vector": [1, 2.5]
                },
                "configuration": {
                  "seed": 7
                },
                "deployment": "Shop.Prices",
                "kind": "recording",
                "method": "Ask",
                "models": [],
                "types": [],
                "version": 1
              },
              "answer": {
                "type": "Shop.Price",
                "value": {
                  "amount": 3.50,
                  "notes": [],
                  "parts": [
                    "a",
                    "b"
                  ],
                  "of": {}
                }
              }
            }

            """,
            File.ReadAllText(file)
        );
    }

    [Fact]
    public void Write_Answer_LiesWhereTheLayoutSays()
    {
        var file = Write("4");

        Assert.Equal(Path.Combine(_directory.Path, "Shop.Prices", "Ask", $"{KeyOf(Request)}.json"), file);
        Assert.Equal([file], Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Write_StreamThatFailed_IsThisDocument()
    {
        var file = _directory.Write(
            Request,
            new RecordedOutcome("System.Int32")
            {
                Items = [Samples.Json("1")],
                Milliseconds = [0.5],
                Error = Samples.Json("""{"type":"E","message":"m"}"""),
            },
            [],
            replace: true
        );

        var text = File.ReadAllText(file);
        Assert.EndsWith(
            """
              "stream": {
                "type": "System.Int32",
                "items": [
                  1
                ],
                "milliseconds": [0.5],
                "end": "error"
              },
              "error": {
                "type": "E",
                "message": "m"
              }
            }

            """,
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Write_NothingAndErrors_AreTheseDocuments()
    {
        var nothing = _directory.Write(Request, new RecordedOutcome(RecordedOutcome.Nothing), [], replace: true);
        Assert.Contains(
            "  \"answer\": {\n    \"type\": \"void\"\n  }\n}\n",
            File.ReadAllText(nothing),
            StringComparison.Ordinal
        );

        var failed = new RecordedOutcome("System.String") { Error = Samples.Json("{}") };
        var error = _directory.Write(Request, failed, [], replace: true);
        Assert.Contains("  },\n  \"error\": {}\n}\n", File.ReadAllText(error), StringComparison.Ordinal);
        Assert.DoesNotContain("answer", File.ReadAllText(error), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SameBytes_LeavesTheFileUntouched()
    {
        var attachments = new Attachments();
        var name = attachments.Add(TestBytes.Of(3000), "bin");
        var file = _directory.Write(Request, Samples.Answer(name), attachments.All, replace: true);
        string[] files = [file, Path.Combine(Path.GetDirectoryName(file)!, name)];
        var before = files.Select(StampOf).ToList();

        _directory.Write(Request, Samples.Answer(name), attachments.All, replace: true);

        Assert.Equal(before, files.Select(StampOf));
        Assert.Equal(2, Directory.GetFiles(Path.GetDirectoryName(file)!).Length);
    }

    [Fact]
    public void Write_SameBytesWithLineEndsOfAnotherSystem_LeavesTheFileUntouched()
    {
        Write("4");
        Edit(text => text.Replace("\n", "\r\n", StringComparison.Ordinal));
        var before = File.ReadAllBytes(File_);

        Write("4");

        Assert.Equal(before, File.ReadAllBytes(File_));
    }

    [Theory]
    [InlineData(true, "5")]
    [InlineData(false, "4")]
    public void Write_OneIsThere_IsReplacedOnlyOnRequest(bool replace, string answer)
    {
        Write("4");

        _directory.Write(Request, Samples.Answer("5"), [], replace);

        Assert.Equal(answer, _directory.Find(Request)!.Outcome.Answer!.Value.GetString());
    }

    [Fact]
    public void Write_AnotherWasFirstMeanwhile_KeepsTheFirstAndLeavesNothing()
    {
        var other = new RecordingDirectory(_directory.Path);
        var late = new RecordingDirectory(_directory.Path)
        {
            BeforeDocument = () => other.Write(Request, Samples.Answer("first"), [], replace: false),
        };

        var file = late.Write(Request, Samples.Answer("second"), [], replace: false);

        Assert.Equal("first", _directory.Find(Request)!.Outcome.Answer!.Value.GetString());
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public void Write_TextAttachment_KeepsGitFromChangingItsLineEnds()
    {
        var file = Path.Combine(_directory.Path, ".gitattributes");
        var attachments = new Attachments();
        var name = attachments.Add(TestBytes.Of(3000), "png");
        _directory.Write(Request, Samples.Answer(name), attachments.All, replace: true);
        Assert.False(File.Exists(file));

        name = attachments.Add("a\r\nb"u8.ToArray(), "txt");
        _directory.Write(Request, Samples.Answer(name), attachments.All, replace: true);

        Assert.Contains("\n*.txt -text\n", File.ReadAllText(file), StringComparison.Ordinal);

        File.WriteAllText(file, "# the team's own\n");
        _directory.Write(Request, Samples.Answer(name + "again"), attachments.All, replace: true);
        Assert.Equal("# the team's own\n", File.ReadAllText(file));
    }

    [Fact]
    public void Write_AttachmentIsDamaged_IsPutRight()
    {
        var attachments = new Attachments();
        var name = attachments.Add(TestBytes.Of(3000), "bin");
        var file = _directory.Write(Request, Samples.Answer(name), attachments.All, replace: true);
        File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(file)!, name), TestBytes.Of(3000, seed: 2));

        _directory.Write(Request, Samples.Answer(name), attachments.All, replace: true);

        Assert.Equal(TestBytes.Of(3000), _directory.Find(Request)!.Attachments.Read(name).ToArray());
    }

    [Fact]
    public void Write_FailsBetweenAttachmentsAndDocument_NothingIsToBeFound()
    {
        var attachments = new Attachments();
        var name = attachments.Add(TestBytes.Of(3000), "bin");
        var failing = new RecordingDirectory(_directory.Path)
        {
            BeforeDocument = () => throw new IOException("no more"),
        };

        Assert.Throws<RecordingException>(() => failing.Write(Request, Samples.Answer(name), attachments.All, true));

        Assert.Null(_directory.Find(Request));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("x.png")]
    public void Write_AttachmentWithAnotherName_IsRefused(string name) =>
        Assert.Throws<ArgumentException>(() =>
            _directory.Write(Request, Samples.Answer(name), [new Attachment(name, new byte[3])], replace: true)
        );

    [Fact]
    public void Write_AnswerThatCouldNotBeReadAgain_IsRefusedAndLeavesTheOldOne()
    {
        Write("4");
        var deep = string.Concat(Enumerable.Repeat("[", 200)) + string.Concat(Enumerable.Repeat("]", 200));
        var answer = System.Text.Json.JsonElement.Parse(
            deep,
            new System.Text.Json.JsonDocumentOptions { MaxDepth = 300 }
        );

        var refused = Assert.Throws<RecordingException>(() =>
            _directory.Write(Request, new RecordedOutcome("x") { Answer = answer }, [], replace: true)
        );

        Assert.Contains("could not be read again", refused.Message, StringComparison.Ordinal);
        Assert.Equal("4", _directory.Find(Request)!.Outcome.Answer!.Value.GetString());
    }

    [Fact]
    public void Write_NameTwiceInAnAnswer_IsRefused() =>
        Assert.Contains(
            "'a'",
            Assert
                .Throws<RecordingException>(() =>
                    _directory.Write(Request, Samples.Answer("x", """{"a": 1, "a": 2}"""), [], replace: true)
                )
                .Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("..")]
    [InlineData(".usage")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("C:\\x")]
    [InlineData("Generic`1[[System.Int32, System]]")]
    [InlineData("Größe")]
    [InlineData("a\0b")]
    public void Write_NameThatIsNoFolders_StaysInTheDirectory(string name)
    {
        var request = Samples.Asking("x", deployment: name, method: name);

        var file = _directory.Write(request, Samples.Answer("4"), [], replace: true);

        Assert.Equal(file, Path.GetFullPath(file));
        Assert.Equal(_directory.Path, Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(file))));
        Assert.DoesNotContain("/.", file[_directory.Path.Length..], StringComparison.Ordinal);
        Assert.NotNull(_directory.Find(request));
    }

    [Fact]
    public void Write_LongestNames_Fit()
    {
        var name = new string('x', 200);

        var file = _directory.Write(Samples.Asking("x", name, name), Samples.Answer("4"), [], replace: true);

        Assert.True(File.Exists(file));
    }

    [Fact]
    public void Write_FileInPlaceOfAFolder_SaysWhich()
    {
        Directory.CreateDirectory(_directory.Path);
        File.WriteAllText(Path.Combine(_directory.Path, "Shop.Prices"), "");

        var refused = Assert.Throws<RecordingException>(() => Write("4"));

        Assert.Contains("Shop.Prices", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireWritable_NoDirectoryYet_MakesItAndLeavesNothingInIt()
    {
        _directory.RequireWritable();

        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void RequireWritable_FileInItsPlace_SaysSo()
    {
        File.WriteAllText(_directory.Path, "");

        var refused = Assert.Throws<RecordingException>(_directory.RequireWritable);

        Assert.Contains("it is a file and not a directory", refused.Message, StringComparison.Ordinal);
        Assert.Contains(_directory.Path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ToADiskThatIsFull_SaysSo()
    {
        var full = new RecordingDirectory(_directory.Path)
        {
            BeforeDocument = () => throw new IOException("No space", 28),
        };

        var refused = Assert.Throws<RecordingException>(() => full.Write(Request, Samples.Answer("4"), [], true));

        Assert.Contains("There is no room", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ManyAtOnce_OneOfThemIsThereAndNothingIsLeft()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(i =>
                    Task.Run(
                        () =>
                            new RecordingDirectory(_directory.Path).Write(
                                Request,
                                Samples.Answer($"{i}"),
                                [],
                                replace: i % 2 == 0
                            ),
                        TestContext.Current.CancellationToken
                    )
                )
        );

        Assert.NotNull(_directory.Find(Request));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(File_)!));
    }

    private static (DateTime Written, DateTime Made) StampOf(string file) =>
        (File.GetLastWriteTimeUtc(file), File.GetCreationTimeUtc(file));
}
