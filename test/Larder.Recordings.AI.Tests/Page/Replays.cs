namespace Larder.Recordings.AI.Tests.Page;

public sealed class Replays() : RecordingsFixture(RecordingsOptions.Beside());
