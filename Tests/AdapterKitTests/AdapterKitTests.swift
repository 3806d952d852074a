// AdapterKit
