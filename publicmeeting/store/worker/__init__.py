"""What the worker writes: leases, marks of jobs and due dates (`clockwork.py`, open it first); and the guard of the machine's clock."""
