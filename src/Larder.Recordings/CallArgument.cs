namespace Larder.Recordings;

/// <summary>An argument of a call.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Value">What was given.</param>
/// <param name="Declared">What the parameter is declared as.</param>
internal readonly record struct CallArgument(string Name, object? Value, Type Declared);
