namespace Larder.Recordings.Tests;

public sealed class RecordingEnvironmentTests
{
    [Theory]
    [InlineData(null, null, RecordingMode.Live)]
    [InlineData("false", "0", RecordingMode.Live)]
    [InlineData("True", null, RecordingMode.Replay)]
    [InlineData("1", "no", RecordingMode.Replay)]
    [InlineData("", "true", RecordingMode.Record)]
    [InlineData("off", "YES", RecordingMode.Record)]
    [InlineData("on", "t", RecordingMode.RecordMissing)]
    public void ModeOf_TheTwoSwitches_AreReadAsThePriorSystemReadsThem(string? use, string? save, RecordingMode mode) =>
        Assert.Equal(mode, RecordingEnvironment.ModeOf(Variables(use, save)));

    [Fact]
    public void ModeOf_Compare_ComesBeforeTheTwoSwitches() =>
        Assert.Equal(RecordingMode.Compare, RecordingEnvironment.ModeOf(Variables("true", null, own: "Compare")));

    [Theory]
    [InlineData("maybe", null, null, "USE_DEPLOYMENT_CACHE")]
    [InlineData(null, "2", null, "SAVE_DEPLOYMENT_CACHE")]
    [InlineData(null, null, "replay", "LARDER_RECORDINGS")]
    public void ModeOf_ValueThatMeansNothing_IsToldWithItsVariable(string? use, string? save, string? own, string name)
    {
        var wrong = Assert.Throws<RecordingException>(() => RecordingEnvironment.ModeOf(Variables(use, save, own)));

        Assert.Contains(name, wrong.Message, StringComparison.Ordinal);
        Assert.Contains((use ?? save ?? own)!, wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", RecordingMode.Replay)]
    [InlineData("jenkins", RecordingMode.Replay)]
    [InlineData("false", RecordingMode.RecordMissing)]
    [InlineData(null, RecordingMode.RecordMissing)]
    public void Open_WhatIsMissingIsRecorded_NotOnContinuousIntegration(string? ci, RecordingMode mode)
    {
        using var room = new RecordingsRoom();

        using var recordings = room.Open(
            RecordingMode.RecordMissing,
            options => options.Variable = name => name == "CI" ? ci : null
        );

        Assert.Equal(mode, recordings.Mode);
    }

    [Fact]
    public void Open_ModeInCode_OverridesTheEnvironment()
    {
        using var room = new RecordingsRoom();

        using var recordings = room.Open(
            RecordingMode.Record,
            options => options.Variable = name => name == RecordingEnvironment.Use ? "true" : null
        );

        Assert.Equal(RecordingMode.Record, recordings.Mode);
    }

    private static Func<string, string?> Variables(string? use, string? save, string? own = null) =>
        name =>
            name switch
            {
                RecordingEnvironment.Use => use,
                RecordingEnvironment.Save => save,
                RecordingEnvironment.Own => own,
                _ => null,
            };
}
