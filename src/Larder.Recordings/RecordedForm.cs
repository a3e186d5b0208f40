namespace Larder.Recordings;

/// <summary>How values of one type are recorded as another.</summary>
internal sealed record RecordedForm(Type Type, Type Form, Func<object, object> To, Func<object, object> From);
