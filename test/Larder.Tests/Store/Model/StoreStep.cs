using System.Globalization;

namespace Larder.Tests.Store.Model;

/// <summary>One step of a random sequence; it means something in every state, so that any part of a sequence can be left out.</summary>
/// <param name="Act">What is done.</param>
/// <param name="Model">To which model.</param>
/// <param name="Number">Which version, file, step or amount.</param>
internal sealed record StoreStep(StoreAct Act, int Model, int Number)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Act} {Model} {Number}");
}
