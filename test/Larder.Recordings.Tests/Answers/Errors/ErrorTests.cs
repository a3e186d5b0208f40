using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;

namespace Larder.Recordings.Tests.Answers.Errors;

public sealed class ErrorTests
{
    private static readonly Assembly Own = typeof(ErrorTests).Assembly;

    private readonly Forms _forms = new();

    public static TheoryData<Exception> OfDotNet =>
        [
            new InvalidOperationException("m"),
            new InvalidOperationException("m", new TimeoutException("inner", new IOException("innermost"))),
            new ArgumentException("m", "parameter"),
            new ArgumentException("m"),
            new ArgumentNullException("parameter", "m"),
            new ArgumentNullException("parameter"),
            new ArgumentOutOfRangeException("parameter", 7, "m"),
            new ArgumentOutOfRangeException("parameter", "x", "m"),
            new ObjectDisposedException("Session", "m"),
            new ObjectDisposedException("Session"),
            new AggregateException("m", new IOException("a"), new TimeoutException("b")),
            new AggregateException(new IOException("a")),
            new AggregateException(),
            new FileNotFoundException("m", "model.onnx"),
            new HttpRequestException(HttpRequestError.ConnectionError, "m", null, HttpStatusCode.BadGateway),
            new HttpRequestException("m"),
            new SocketException((int)SocketError.ConnectionRefused),
            new JsonException("m", "$.a", 1, 2),
            new TaskCanceledException("m", new TimeoutException("inner")),
            new OperationCanceledException("m"),
            new KeyNotFoundException("m"),
            new FormatException("m"),
            new UnauthorizedAccessException("m"),
            new DivideByZeroException(),
            new OverflowException(),
            new NotImplementedException(),
            new NotSupportedException("m"),
            new InvalidDataException("m"),
            new EndOfStreamException(),
            (Exception)Activator.CreateInstance(typeof(Exception), "m")!,
        ];

    [Theory]
    [MemberData(nameof(OfDotNet))]
    public void Read_ErrorOfDotNet_ComesBackAsItself(Exception error)
    {
        var json = _forms.WriteError(error);

        var back = _forms.ReadError(json);

        AssertSame(error, back);
        Assert.Equal(json, _forms.WriteError(back));
    }

    [Fact]
    public void Write_Error_IsItsTypeMessageAndDetails() =>
        Assert.Equal(
            """{"type":"System.ArgumentException","message":"m (Parameter 'p')","details":{"ParamName":"p"},"inner":{"type":"System.TimeoutException","message":"i","details":{}}}""",
            _forms.WriteError(new ArgumentException("m", "p", new TimeoutException("i")))
        );

    [Fact]
    public void Read_Data_ComesBack()
    {
        var error = new InvalidOperationException("m")
        {
            Data =
            {
                ["attempt"] = 3,
                ["model"] = "a",
                ["none"] = null,
            },
        };

        var back = _forms.BackError(error);

        Assert.IsType<InvalidOperationException>(back);
        Assert.Equal(3, back.Data["attempt"]);
        Assert.Equal("a", back.Data["model"]);
        Assert.True(back.Data.Contains("none"));
    }

    [Fact]
    public void Read_ErrorOfAKnownAssembly_ComesBackAsItself()
    {
        var back = Assert.IsType<QuotaException>(
            _forms.BackError(new QuotaException("m", 5, Kind.Hard, new IOException("i")) { Model = "a" }, Own)
        );

        Assert.Equal("m", back.Message);
        Assert.Equal(5, back.Limit);
        Assert.Equal(Kind.Hard, back.Kind);
        Assert.Equal("a", back.Model);
        Assert.IsType<IOException>(back.InnerException);
    }

    [Fact]
    public void Read_ErrorThatWritesItsOwnMessage_ComesBackAsItself() =>
        Assert.Equal(404, Assert.IsType<CodeException>(_forms.BackError(new CodeException(404), Own)).Code);

    [Fact]
    public void Read_ErrorOfAnotherAssembly_IsRecordedExceptionThatNamesTheRemedy()
    {
        var back = Assert.IsType<RecordedException>(_forms.BackError(new CodeException(404)));

        Assert.Equal("Larder.Recordings.Tests.Answers.Errors.ErrorTests.CodeException", back.TypeName);
        Assert.Equal("Code 404", back.RecordedMessage);
        Assert.Equal(404, back.Details.GetProperty("Code").GetInt32());
        Assert.Contains("RecordingsOptions.Errors", back.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ErrorThatTheOptionsName_ComesBackAsItself() =>
        Assert.IsType<CodeException>(
            new Forms(options => options.Errors.Add(typeof(CodeException))).BackError(new CodeException(1))
        );

    [Fact]
    public void Read_ErrorWhosePropertyWouldBeLost_IsRecordedException() =>
        Assert.Equal(
            "[1,2]",
            Assert
                .IsType<RecordedException>(_forms.BackError(new LossyException("m", [1, 2]), Own))
                .Details.GetProperty("Codes")
                .GetRawText()
        );

    [Fact]
    public void Read_ErrorWithAPropertyThatIsNoPlainValue_IsRecordedException() =>
        Assert.Equal(
            "Response",
            Assert
                .IsType<RecordedException>(
                    _forms.BackError(new ResponseException("m") { Response = new object() }, Own)
                )
                .Details.GetProperty("$omitted")[0]
                .GetString()
        );

    [Fact]
    public void Read_TypeThatIsNoException_IsNotMade()
    {
        NotAnException.Made = 0;

        var back = _forms.ReadError(
            $$"""{"type": "{{Larder.Recordings.Answers.AnswerForms.NameOf(typeof(NotAnException))}}", "message": "m"}""",
            Own
        );

        Assert.IsType<RecordedException>(back);
        Assert.Equal(0, NotAnException.Made);
    }

    [Fact]
    public void Read_InnerErrorThatCannotBeMade_StandsInTheOuterOne()
    {
        var back = Assert.IsType<InvalidOperationException>(
            _forms.BackError(new InvalidOperationException("m", new CodeException(1)))
        );

        Assert.IsType<RecordedException>(back.InnerException);
    }

    [Fact]
    public void Write_SecretsInMessagesAndDetails_AreTakenOut()
    {
        var forms = new Forms(options =>
        {
            options.Redaction.Secrets.Add("canary-4711");
            options.Redaction.Names.Add("pass_word_of_mine");
        });
        var error = new InvalidOperationException("m canary-4711", new IOException("canary-4711"))
        {
            Data = { ["pass_word_of_mine"] = "hidden", ["canary-4711"] = 1 },
        };

        var json = forms.WriteError(error);

        Assert.DoesNotContain("canary-4711", json, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", json, StringComparison.Ordinal);
        Assert.Equal("m [redacted]", Assert.IsType<InvalidOperationException>(forms.ReadError(json)).Message);
    }

    [Fact]
    public void Write_PropertyThatFails_DoesNotHideTheError() =>
        Assert.Contains("\"message\":\"m\"", _forms.WriteError(new FailingException()), StringComparison.Ordinal);

    [Theory]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("""{"type": "a", "message": "\uD800"}""")]
    [InlineData("""{"type": 1, "message": "m"}""")]
    [InlineData("""{"type": "a", "message": "m", "details": []}""")]
    public void Read_WhatIsNoError_IsRefused(string json) => Assert.Throws<JsonException>(() => _forms.ReadError(json));

    [Fact]
    public void Read_DetailsOfOtherTypes_IsRecordedException()
    {
        Assert.IsType<RecordedException>(
            _forms.ReadError(
                """{"type": "System.Net.Http.HttpRequestException", "message": "m", "details": {"StatusCode": "Nope"}}"""
            )
        );
        Assert.IsType<RecordedException>(
            _forms.ReadError(
                $$$"""{"type": "{{{Larder.Recordings.Answers.AnswerForms.NameOf(typeof(CodeException))}}}", "message": "Code 1", "details": {"Code": []}}""",
                Own
            )
        );
    }

    private static void AssertSame(Exception expected, Exception actual)
    {
        Assert.Equal(expected.GetType(), actual.GetType());
        Assert.Equal(expected.Message, actual.Message);
        if (expected.InnerException is null)
            Assert.Null(actual.InnerException);
        else
            AssertSame(expected.InnerException, actual.InnerException!);
        if (expected is AggregateException aggregate)
            Assert.Equal(aggregate.InnerExceptions.Count, ((AggregateException)actual).InnerExceptions.Count);
    }

    public enum Kind
    {
        Soft,
        Hard,
    }

    public sealed class QuotaException(string message, long limit, Kind kind, Exception? innerException)
        : Exception(message, innerException)
    {
        public long Limit { get; } = limit;

        public Kind Kind { get; } = kind;

        public string? Model { get; init; }
    }

    public sealed class CodeException(int code) : Exception($"Code {code}")
    {
        public int Code { get; } = code;
    }

    public sealed class LossyException(string message) : Exception(message)
    {
        public LossyException(string message, int[] values)
            : this(message) => Codes = values;

        public int[] Codes { get; } = [];
    }

    public sealed class ResponseException(string message) : Exception(message)
    {
        public object? Response { get; set; }
    }

    public sealed class FailingException() : Exception("m")
    {
        public int Value => throw new NotSupportedException("no value");
    }

    public sealed class NotAnException
    {
        public NotAnException(string message) => Made += message.Length;

        public static int Made { get; set; }
    }
}
