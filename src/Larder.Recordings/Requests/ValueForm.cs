using Larder.Content.Requests;

namespace Larder.Recordings.Requests;

/// <summary>Writes values of one type.</summary>
/// <param name="request">Where to.</param>
/// <param name="value">The value.</param>
/// <param name="declared">What a reader knows of its type; null when nothing says it.</param>
/// <returns>False, and nothing is written, where the value is to be written as any other.</returns>
internal delegate bool ValueForm(RequestWriter request, object value, Type? declared);
