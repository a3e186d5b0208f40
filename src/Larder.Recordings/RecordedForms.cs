namespace Larder.Recordings;

/// <summary>Types that are recorded as another one, such as a picture of some library as a <c>RecordedImage</c>.</summary>
public sealed class RecordedForms
{
    private readonly Dictionary<Type, RecordedForm> _forms = [];

    internal IReadOnlyDictionary<Type, RecordedForm> All => _forms;

    /// <summary>Records values of a type as another type, in requests and in answers.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <typeparam name="TForm">What stands for it.</typeparam>
    /// <param name="to">Makes the form of a value.</param>
    /// <param name="from">Makes the value of its form.</param>
    public RecordedForms Add<T, TForm>(Func<T, TForm> to, Func<TForm, T> from)
        where T : notnull
        where TForm : notnull
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(from);
        _forms[typeof(T)] = new RecordedForm(
            typeof(T),
            typeof(TForm),
            value => to((T)value),
            form => from((TForm)form)
        );
        return this;
    }
}
