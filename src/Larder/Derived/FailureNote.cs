namespace Larder.Derived;

/// <summary>A failure that is remembered, so that what must fail is not tried again and again.</summary>
/// <param name="Kind">What sort of failure it was, in the words of who noted it.</param>
/// <param name="Message">What happened.</param>
/// <param name="Noted">When.</param>
/// <param name="Until">Until when it is remembered.</param>
public sealed record FailureNote(string Kind, string Message, DateTimeOffset Noted, DateTimeOffset Until);
