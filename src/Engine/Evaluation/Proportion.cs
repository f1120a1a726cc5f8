namespace Yagura.Engine.Evaluation;

/// <summary>A share with its 95 % interval, which also holds for few cases and near 0 and 1.</summary>
/// <remarks>Source: Wilson, "Probable inference, the law of succession, and statistical inference" (1927), the score interval.</remarks>
public readonly record struct Proportion(long Of, long All)
{
    private const double Z = 1.959964;

    /// <summary>NaN where there is no case.</summary>
    public double Value => (double)Of / All;

    public double Low => All == 0 ? 0 : Math.Max(0, Centre - Half);
    public double High => All == 0 ? 1 : Math.Min(1, Centre + Half);

    private double Centre => (Value + Z * Z / (2 * All)) / (1 + Z * Z / All);
    private double Half => Z * Math.Sqrt(Value * (1 - Value) / All + Z * Z / (4.0 * All * All)) / (1 + Z * Z / All);
}
